"""What exists before the first step of a residual block? The parameters of the layers in it."""
