"""Deep learning in pure NumPy and SciPy: to be read, followed and used."""
from epynn import compat as compat  # what EpyNN 1.2.13 had, put where it had it
from epynn import display as display  # gives layers and data the faces that a notebook shows
from epynn.attention.models import Attention, PositionalEncoding
from epynn.bidirectional.models import Bidirectional
from epynn.commons.arguments import Activation, Argument
from epynn.commons.dataset import dataSet
from epynn.commons.library import ModelFileError, configure_directory, read_model, write_model
from epynn.commons.maths import (
    elu,
    identity,
    lrelu,
    orthogonal,
    relu,
    sigmoid,
    softmax,
    tanh,
    xavier,
)
from epynn.commons.models import Layer
from epynn.convolution.models import Convolution
from epynn.dense.models import Dense
from epynn.dropout.models import Dropout
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.gru.models import GRU
from epynn.lstm.models import LSTM
from epynn.network.callbacks import (
    Callback,
    Checkpoint,
    EarlyStopping,
    History,
    ReduceOnPlateau,
)
from epynn.network.finder import LearningRateFinder
from epynn.network.models import EpyNN
from epynn.pooling.models import Pooling
from epynn.residual.models import Residual
from epynn.rnn.models import RNN
from epynn.settings import se_hPars
from epynn.template.models import Template

__version__ = '2.0.0'

__all__ = [
    'GRU', 'LSTM', 'RNN', 'Activation', 'Argument', 'Attention', 'Bidirectional', 'Callback',
    'Checkpoint', 'Convolution', 'Dense', 'Dropout', 'EarlyStopping', 'Embedding', 'EpyNN',
    'Flatten', 'History', 'Layer', 'LearningRateFinder', 'ModelFileError', 'Pooling',
    'PositionalEncoding', 'ReduceOnPlateau', 'Residual', 'Template', 'configure_directory',
    'dataSet', 'elu', 'identity', 'lrelu', 'orthogonal', 'read_model', 'relu', 'se_hPars',
    'sigmoid', 'softmax', 'tanh', 'write_model', 'xavier',
]
