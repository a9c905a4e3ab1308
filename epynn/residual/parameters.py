"""What does a residual block learn, and how? Nothing itself: the layers in it do."""
