"""Find modified peptides: python -m epynnlive.ptm_protein.train

Feed-forward networks and LSTMs, with and without sequences and Dropout, against the best that
anybody can do. The notebook ``train.ipynb`` beside this file explains every step.
"""
import random

from tabulate import tabulate

import epynn.initialize  # noqa: F401 (colours the traceback of an error on a terminal)
from epynn.commons.maths import relu, softmax
from epynn.dense.models import Dense
from epynn.dropout.models import Dropout
from epynn.embedding.models import Embedding
from epynn.flatten.models import Flatten
from epynn.lstm.models import LSTM
from epynn.network.models import EpyNN
from epynnlive.ptm_protein.prepare_dataset import DATA, FILES, log_odds, prepare_peptides
from epynnlive.ptm_protein.settings import EPOCHS, N_SAMPLES, se_hPars


def main():
    # DATASET: the peptides follow this seed
    random.seed(1)
    synthetic = not (DATA / FILES[0]).exists()
    X_features, Y_label = prepare_peptides(N_SAMPLES)
    embedding = Embedding(X_features, Y_label, X_encode=True, Y_encode=True, batch_size=32,
                          relative_size=(2, 1, 0))
    print(f'{len(X_features)} peptides, {"synthetic" if synthetic else f"from {DATA}/"}; '
          f'training set {embedding.dtrain.X.shape}, balance {embedding.dtrain.b}; '
          f'validation set balance {embedding.dval.b}\n')

    # NETWORKS: what stands between the residues and the two outputs
    hidden = {
        'Perceptron': [Flatten()],
        'Dense-64': [Flatten(), Dense(64, relu)],
        'Dense-64_Dropout': [Flatten(), Dropout(0.5), Dense(64, relu), Dropout(0.5)],
        'LSTM-8': [LSTM(8)],
        'LSTM-8-Seq': [LSTM(8, sequences=True), Flatten()],
        'LSTM-8-Seq_Dropout': [LSTM(8, sequences=True), Flatten(), Dropout(0.5)],
    }
    results = []
    for name, layers in hidden.items():
        model = EpyNN([embedding, *layers, Dense(2, softmax)], name=name)
        model.initialize(loss='CCE', seed=1, se_hPars=se_hPars, end='\r')
        model.train(EPOCHS, init_logs=False)
        numbers = sum(W.size for layer in model.layers for W in layer.p.values())
        training, validation, _ = model.metrics['accuracy']
        results.append([name, numbers, f'{training[-1]:.3f}', f'{validation[-1]:.3f}'])

    # THE BEST: whoever knows the motif that synthetic peptides were drawn from
    if synthetic:
        right = [(log_odds(X) < 0) == Y for X, Y in zip(X_features, Y_label, strict=True)]
        share = [f'{sum(part) / len(part):.3f}' for part in
                 (right[:len(embedding.dtrain)], right[len(embedding.dtrain):])]
        results.append(['motif known', '', *share])
    print(tabulate(results, ['network', 'trainable parameters', 'training', 'validation'],
                   tablefmt='pretty', disable_numparse=True))


if __name__ == '__main__':
    main()
