"""What does a network learn with when nobody says otherwise? The default hyperparameters."""

from typing import Any

se_hPars: dict[str, Any] = {
    # How far one update goes, and how that changes from epoch to epoch
    'optimizer': 'SGD',             # the update rule: also 'Momentum', 'Nesterov', 'AdaGrad',
                                    # 'RMSprop', 'Adam' or 'AdamW'
    'learning_rate': 0.1,
    'schedule': 'steady',           # also 'exp_decay', 'lin_decay', 'cosine', 'step', 'one_cycle'
    'decay_k': 0,                   # decay rate per epoch; 0: 5 / length of a cycle
    'cycle_epochs': 0,              # epochs in a cycle; 0: one cycle over all epochs
    'cycle_descent': 0,             # share of the learning rate lost from cycle to cycle
    'warmup_epochs': 0,             # epochs on the way up; 0: none, in one_cycle 30 % of a cycle
    'step_epochs': 0,               # epochs from step to step; 0: a third of a cycle
    'step_factor': 0.1,             # what the learning rate is multiplied by at a step
    # What update rules take into account
    'momentum': 0.9,                # share of the velocity kept: Momentum, Nesterov
    'rho': 0.9,                     # share of the mean of squares kept: RMSprop
    'beta_1': 0.9,                  # shares of the means of gradients, and of their squares, kept:
    'beta_2': 0.999,                # Adam, AdamW
    'epsilon': 1e-8,                # added to the root that is divided by: AdaGrad and after
    'weight_decay': 0,              # times W, added to the gradient; AdamW keeps it separate
    'max_norm': 0,                  # norm that all gradients are clipped to together; 0: none
    # Shapes of activation functions
    'ELU_alpha': 1,
    'LRELU_alpha': 0.3,
    'softmax_temperature': 1,
}
