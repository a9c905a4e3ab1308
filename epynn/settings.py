"""What does a network learn with when nobody says otherwise? The default hyperparameters."""

from typing import Any

se_hPars: dict[str, Any] = {
    # How far one update goes, and how that changes from epoch to epoch
    'optimizer': 'SGD',             # the update rule
    'learning_rate': 0.1,
    'schedule': 'steady',           # 'steady', 'exp_decay' or 'lin_decay'
    'decay_k': 0,                   # decay rate per epoch; 0: 5 / length of a cycle
    'cycle_epochs': 0,              # epochs in a cycle; 0: one cycle over all epochs
    'cycle_descent': 0,             # share of the learning rate lost from cycle to cycle
    # Shapes of activation functions
    'ELU_alpha': 1,
    'LRELU_alpha': 0.3,
    'softmax_temperature': 1,
}
