"""Are more of eleven booleans true than false? A perceptron counts them."""
