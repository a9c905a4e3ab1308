"""How does the network learn? Epoch by epoch, batch by batch."""
from epynn.commons.checks import positive_integer
from epynn.commons.logs import Progress, print_epochs, print_settings
from epynn.commons.loss import losses
from epynn.commons.metrics import accuracy
from epynn.commons.models import labels
from epynn.network.evaluate import model_evaluate
from epynn.network.hyperparameters import model_learning_rates


def model_train(model, epochs, verbose=None, init_logs=True):
    """Learn from the training set by stochastic gradient descent.

    Called again it continues, for as many epochs more. A network that was not initialized is,
    with the defaults.

    Parameters
    ----------
    epochs : int
        Number of times that the training set is gone through.
    verbose : int, optional
        Print a row for every so many epochs; a tenth of them by default, 0 for silence.
    init_logs : bool, default True
        Whether to print data, architecture and hyperparameters before.

    Raises
    ------
    ValueError
        Where epochs or verbose are not numbers of the kind, or there are no data.
    """
    epochs = positive_integer('train', 'epochs', epochs)
    every = max(1, epochs // 10) if verbose is None else verbose
    if every != 0:
        every = positive_integer('train', 'verbose', every)
    if not model.initialized:
        model.initialize(verbose=bool(every))
    check_data(model)

    model.epochs = model.e + epochs
    model_learning_rates(model)
    loss = losses[model.loss]
    if init_logs and every:
        print_settings(model)

    with Progress(model, silent=not every) as progress:
        while model.e < model.epochs:
            # Each epoch sees the samples in a new order; an interrupted one goes on in its own
            if model.batch == 0:
                model.shuffle()
            batches = model.embedding.batches(model.order)

            for rows in batches[model.batch:]:
                batch = model.embedding.dtrain.take(rows)
                Y = batch.Y.astype(model.dtype, copy=False)
                A = model.forward(batch.inputs, batch.lengths)
                model.backward(loss(Y, A, deriv=True))
                model.update_parameters()
                model.batch += 1
                if progress.due(len(batches)):
                    progress.show(accuracy=accuracy(labels(Y), labels(A)), cost=loss(Y, A).mean(),
                                  batches=len(batches))

            for name, values in model_evaluate(model).items():
                for kept, value in zip(model.metrics[name], values, strict=True):
                    if value is not None:
                        kept.append(value)
            model.e += 1
            model.batch = 0

    if every:
        print_epochs(model, every)


def check_data(model):
    """The Embedding has data that the network can learn from; and its order is made."""
    dtrain = model.embedding.dtrain
    if not dtrain.active or dtrain.Y is None:
        raise ValueError('train expects an Embedding with data and labels, got one without: assign '
                         'one to model.embedding')
    if len(model.order) != len(dtrain):
        # The data are not saved with a model, and other data may be given: the order of the
        # samples follows from the seed and the number of times that they were shuffled
        shuffles = model.shuffles
        model.restart_shuffling()
        for _ in range(shuffles):
            model.shuffle()
