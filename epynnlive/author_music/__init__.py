"""Which of two guitarists is playing? One-second clips of music, told apart by a network."""
