"""Which layers are there? One registry, for files, gradcheck, tests and the documentation."""
from epynn.attention.models import Attention, PositionalEncoding
from epynn.bidirectional.models import Bidirectional
from epynn.commons.models import Layer
from epynn.convolution.models import Convolution
from epynn.dense.models import Dense
from epynn.dropout.models import Dropout
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.gru.models import GRU
from epynn.lstm.models import LSTM
from epynn.pooling.models import Pooling
from epynn.residual.models import Residual
from epynn.rnn.models import RNN
from epynn.template.models import Template

layers: dict[str, type[Layer]] = {kind.__name__: kind for kind in (
    Embedding, Dense, Flatten, Dropout, RNN, GRU, LSTM, Convolution, Pooling, Template,
    Attention, PositionalEncoding, Bidirectional, Residual)}
