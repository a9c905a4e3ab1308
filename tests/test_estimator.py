"""Networks are estimators of scikit-learn: they pass its checks and go where its own go."""
import os
import pickle
import runpy
import signal
import sys
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from joblib import Parallel, delayed, parallel_config
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes, load_iris
from sklearn.exceptions import NotFittedError
from sklearn.inspection import permutation_importance
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks
from threadpoolctl import threadpool_info, threadpool_limits

from epynn import (
    GRU,
    RNN,
    Convolution,
    Dense,
    Embedding,
    EpyNN,
    Flatten,
    Pooling,
    read_model,
)
from epynn.estimator import EpyNNClassifier, EpyNNRegressor

EXAMPLES = Path(__file__).parent.parent / 'examples'
X, Y = load_iris(return_X_y=True)
NAMES = np.array(['setosa', 'versicolor', 'virginica'])[Y]
both = pytest.mark.parametrize('kind', [EpyNNClassifier, EpyNNRegressor])


def classifier(**given):
    return EpyNNClassifier(**{'hidden': (8,), 'epochs': 20, 'learning_rate': 0.02,
                              'scale': 'standard', 'random_state': 0, **given})


def same(first, second, X=X):
    return np.array_equal(first.predict_proba(X), second.predict_proba(X))


@pytest.mark.slow
@parametrize_with_checks([EpyNNClassifier(), EpyNNRegressor()])
def test_scikit_learn_has_no_objection(estimator, check):
    check(estimator)


# ---- The network -------------------------------------------------------------------------------

def test_it_is_the_network_that_one_would_write_by_hand():
    fitted = EpyNNClassifier((5, 4), 'tanh', epochs=3, batch_size=50, scale='standard',
                             learning_rate=0.01, optimizer='RMSprop', random_state=4,
                             hyperparameters={'rho': 0.8}).fit(X, Y)
    model = EpyNN([Embedding(X, Y, (1, 0, 0), 50, Y_encode=True, X_scale='standard'),
                   Dense(5, 'tanh'), Dense(4, 'tanh'), Dense(3, 'softmax')])
    model.initialize('CCE', {'learning_rate': 0.01, 'optimizer': 'RMSprop', 'rho': 0.8},
                     seed=fitted.model_.seed, verbose=False)
    model.train(3, verbose=0)
    assert np.array_equal(fitted.predict_proba(X), model.predict(X, X_scale='standard').A)
    assert fitted.loss_curve_ == model.metrics['CCE'][0]
    assert fitted.n_iter_ == 3 and fitted.n_features_in_ == 4


def test_classes_are_those_given_and_probabilities_in_their_order():
    fitted = classifier().fit(X, NAMES)
    assert fitted.classes_.tolist() == ['setosa', 'versicolor', 'virginica']
    A = fitted.predict_proba(X)
    assert np.allclose(A.sum(axis=1), 1) and fitted.score(X, NAMES) > 0.9
    assert np.array_equal(fitted.predict(X), fitted.classes_[A.argmax(axis=1)])
    assert np.array_equal(fitted.model_.predict(X, X_scale='standard').P, A.argmax(axis=1))


@pytest.mark.parametrize('y', [Y > 0, np.where(Y > 0, 2**60 + 1, 2**60), np.where(Y > 0, -1, 7.0)],
                         ids=['booleans', 'large integers', 'floats'])
def test_labels_may_be_anything(y):
    fitted = classifier().fit(X, y)
    assert fitted.classes_.dtype == y.dtype and (fitted.predict(X) == y).mean() > 0.95


@pytest.mark.parametrize('layers', [
    [Dense(1)], [Dense(2, 'sigmoid')], [Dense(2, 'softmax')], lambda features, outputs: [Dense(1)],
], ids=['one sigmoid', 'two', 'softmax', 'function'])
def test_two_classes_have_one_output_or_two(layers):
    y = np.where(Y == 0, 'no', 'yes')           # the first is label 0
    fitted = classifier(layers=layers).fit(X, y)
    A = fitted.predict_proba(X)
    assert A.shape == (150, 2) and np.allclose(A.sum(axis=1), 1)
    assert np.array_equal(A[:, 1] > A[:, 0], fitted.predict(X) == 'yes')
    assert fitted.score(X, y) == 1


def test_sequences_and_images():
    rng = np.random.default_rng(0)
    series = rng.standard_normal((60, 6, 3))    # (m, steps, elements)
    y = (series.sum(axis=(1, 2)) > 0).astype(int)
    asked = []

    def layers(features, outputs):
        asked.append((features, outputs))
        return [GRU(8), Dense(outputs, 'softmax')]
    fitted = classifier(layers=layers, epochs=60).fit(series, y)
    assert asked == [(3, 2)] and fitted.score(series, y) > 0.9
    assert classifier(layers=[RNN(2), Dense(1)]).fit(series, y).predict(series[:4]).shape == (4,)
    assert classifier(epochs=60).fit(series, y).score(series, y) > 0.9      # flattened
    images = series.reshape(60, 6, 3, 1)        # (m, height, width, depth)
    layers = [Convolution(4, 2, activate='relu'), Pooling((2, 1)), Flatten(), Dense(1)]
    fitted = classifier(layers=layers, epochs=60).fit(images, y)
    assert fitted.score(images, y) > 0.8 and not layers[0].p        # those given are as they were
    assert EpyNNRegressor(layers=[RNN(4), Dense(1, 'identity')], epochs=2, random_state=0).fit(
        series, series[:, -1, 0]).predict(series).shape == (60,)


def test_regression_of_several_values():
    data, y = load_diabetes(return_X_y=True)
    regressor = TransformedTargetRegressor(
        EpyNNRegressor((10,), epochs=60, scale='standard', random_state=0),
        transformer=StandardScaler()).fit(data, y)
    assert regressor.score(data, y) > 0.5
    targets = np.column_stack([X[:, 0], X[:, 1] > 3])
    fitted = EpyNNRegressor((8,), epochs=5, random_state=0).fit(X, targets)
    assert fitted.predict(X).shape == (150, 2) and fitted.model_.task == 'values'
    # numbers that happen to be 0 and 1 are numbers
    fitted = EpyNNRegressor((8,), epochs=5, random_state=0).fit(X, targets[:, 1])
    assert fitted.model_.task == 'values' and len(set(fitted.predict(X))) > 100
    fitted.partial_fit(X[:10], targets[:10, 1])
    assert fitted.n_iter_ == 6


def test_float32_stays_float32():
    fitted = classifier().fit(X.astype('float32'), Y)
    assert fitted.model_.dtype == 'float32' and fitted.predict_proba(X).dtype == 'float32'
    assert fitted.score(X, Y) > 0.9


# ---- What training is told ---------------------------------------------------------------------

def test_batches_are_equal_and_hardly_leave_samples_out():
    seen = classifier(epochs=1, batch_size=100).fit(X, Y).model_.embedding.batch_size
    assert seen == 75                           # 100 would leave out 50 of 150
    assert classifier(epochs=1, batch_size=1000).fit(X, Y).model_.embedding.batch_size == 150


def test_weights_of_classes_are_weights_of_their_samples():
    weights = {'setosa': 1, 'versicolor': 3, 'virginica': 0.5}
    by_class = classifier(class_weight=weights).fit(X, NAMES)
    by_sample = classifier().fit(X, NAMES, sample_weight=[weights[name] for name in NAMES])
    assert np.allclose(by_class.predict_proba(X), by_sample.predict_proba(X))
    assert not np.allclose(by_class.predict_proba(X), classifier().fit(X, NAMES).predict_proba(X))
    few = np.r_[:50, 50:60, 100:150]
    balanced = classifier(class_weight='balanced').fit(X[few], NAMES[few])
    assert balanced.model_.class_weights == pytest.approx({0: 110/150, 1: 110/30, 2: 110/150})
    alone = classifier(layers=[Dense(1)], class_weight={'setosa': 2, 'virginica': 5})
    assert alone.fit(X[few[:50].tolist() + few[60:].tolist()], NAMES[np.r_[:50, 100:150]]
                     ).model_.class_weights == {0: 2, 1: 5}


def test_early_stopping_goes_back_to_the_best_epoch():
    stops = classifier(early_stopping=3, epochs=500, validation_fraction=0.2, learning_rate=0.2)
    stops.fit(X, Y)
    losses = stops.model_.metrics['CCE'][1]
    assert stops.n_iter_ == len(losses) < 500 and int(np.argmin(losses)) == len(losses) - 4
    # 30 samples were held out, the same share of each class: it is the network of that epoch
    again = clone(stops).set_params(epochs=len(losses) - 3).fit(X, Y)
    assert same(stops, again)
    assert not stops.model_.embedding.dsets     # and the data are not held
    assert classifier(early_stopping=True).fit(X, Y).n_iter_ == 20


def test_warm_start_goes_on():
    whole = classifier(epochs=7, batch_size=150).fit(X, Y)
    parts = classifier(epochs=3, batch_size=150, warm_start=True).fit(X, Y)
    model = parts.model_
    parts.set_params(epochs=4).fit(X, Y)
    assert parts.model_ is model and parts.n_iter_ == 7
    assert np.allclose(parts.loss_curve_, whole.loss_curve_, rtol=1e-12)
    parts.set_params(learning_rate=0.0).fit(X, Y)       # what may change is heard
    assert parts.loss_curve_[-1] == pytest.approx(parts.loss_curve_[7], rel=1e-12)
    parts.fit(X[:100], Y[:100])                         # a class less
    with pytest.raises(ValueError, match='expects hidden, scale as before'):
        parts.set_params(hidden=(9,), scale=False).fit(X, Y)
    assert parts.set_params(warm_start=False).fit(X, Y).n_iter_ == 4


def test_partial_fit_is_an_epoch():
    whole = classifier(epochs=5, batch_size=150).fit(X, NAMES)
    parts = classifier(batch_size=150)
    for _ in range(5):
        parts.partial_fit(X, NAMES, classes=np.unique(NAMES))
    assert np.allclose(parts.loss_curve_, whole.loss_curve_, rtol=1e-12) and parts.n_iter_ == 5
    # Some classes are yet to come, and features are scaled by the first samples
    parts = classifier().partial_fit(X[:60], NAMES[:60], classes=np.unique(NAMES))
    scale = parts.model_.embedding.x_transform
    for _ in range(40):
        parts.partial_fit(X[60:], NAMES[60:]).partial_fit(X[:60], NAMES[:60])
    assert parts.model_.embedding.x_transform is scale and parts.score(X, NAMES) > 0.9


def test_random_numbers_follow_from_random_state():
    assert same(classifier().fit(X, Y), classifier().fit(X, Y))
    assert not same(classifier().fit(X, Y), classifier(random_state=1).fit(X, Y))
    state = np.random.RandomState(0)
    first = classifier(random_state=state).fit(X, Y)
    assert same(first, classifier().fit(X, Y))
    assert not same(first, classifier(random_state=state).fit(X, Y))


def test_what_is_printed(capsys):
    classifier().fit(X, Y)
    assert capsys.readouterr().out == ''
    classifier(verbose=True).fit(X, Y)
    assert 'EpyNNClassifier' in capsys.readouterr().out


# ---- Where estimators go -----------------------------------------------------------------------

def test_copies():
    fitted = classifier(layers=[Dense(4, 'relu'), Dense(3, 'softmax')]).fit(X, Y)
    copy = pickle.loads(pickle.dumps(fitted))
    assert same(copy, fitted) and copy.model_ is not fitted.model_
    assert same(copy.partial_fit(X, Y), fitted.partial_fit(X, Y))
    small = classifier(epochs=1).fit(X, Y)
    large = classifier(epochs=1).fit(np.tile(X, (200, 1)), np.tile(Y, 200))
    assert len(pickle.dumps(large)) < 2 * len(pickle.dumps(small))      # without its data
    bare = clone(fitted)
    assert not hasattr(bare, 'model_') and repr(bare.layers) == repr(fitted.layers)
    assert same(bare.fit(X, Y), classifier(layers=fitted.layers).fit(X, Y))


def test_the_network_goes_into_a_file():
    fitted = classifier().fit(X, NAMES)
    fitted.model_.write('iris.npz')
    A = read_model('iris.npz').predict(X, X_scale='standard').A
    assert np.allclose(A, fitted.predict_proba(X), rtol=1e-14)


def test_pipelines_folds_and_searches():
    pipeline = make_pipeline(StandardScaler(), classifier(scale=False))
    assert cross_val_score(pipeline, X, NAMES, cv=3).mean() > 0.85
    search = GridSearchCV(pipeline, {'epynnclassifier__hidden': [(), (8,)],
                                     'epynnclassifier__hyperparameters': [
                                         None, {'weight_decay': 1000.0}]}, cv=3)
    search.fit(X, NAMES)
    assert search.best_params_['epynnclassifier__hyperparameters'] is None
    assert search.best_score_ > 0.85 and search.predict(X[:1]) == ['setosa']


def test_calibration_and_importance():
    calibrated = CalibratedClassifierCV(classifier(), cv=3).fit(X, NAMES)
    assert calibrated.score(X, NAMES) > 0.85
    useless = np.random.default_rng(0).random((150, 1))
    fitted = classifier().fit(np.hstack([X, useless]), Y)
    found = permutation_importance(fitted, np.hstack([X, useless]), Y, random_state=0)
    assert found.importances_mean[:4].max() > 0.1 > 2 * abs(found.importances_mean[4])


def test_data_frames_have_names():
    pandas = pytest.importorskip('pandas')
    frame = pandas.DataFrame(X, columns=['a', 'b', 'c', 'd'])
    fitted = classifier().fit(frame, pandas.Series(NAMES))
    assert fitted.feature_names_in_.tolist() == ['a', 'b', 'c', 'd']
    assert np.array_equal(fitted.predict_proba(frame), classifier().fit(X, Y).predict_proba(X))
    with pytest.raises(ValueError, match='feature names should match'):
        fitted.predict(frame.rename(columns={'a': 'z'}))


def test_it_looks_like_the_others_in_a_notebook():
    html = classifier()._repr_html_()
    assert 'sk-estimator' in html and 'EpyNNClassifier' in html
    assert repr(EpyNNClassifier(epochs=3)) == 'EpyNNClassifier(epochs=3)'


# ---- Many processes ----------------------------------------------------------------------------

def search(**given):
    """A search over four networks in three folds; its scores."""
    found = GridSearchCV(classifier(epochs=5, **given), {'hidden': [(4,), (40,)],
                                                         'learning_rate': [0.01, 0.05]}, cv=3)
    return {name: values for name, values in found.fit(X, NAMES).cv_results_.items()
            if name.startswith('split')}


@contextmanager
def dask_workers(monkeypatch):
    """Two processes of Dask."""
    distributed = pytest.importorskip('distributed')
    for name in ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS'):
        monkeypatch.delenv(name, raising=False)         # Dask sees to it by itself
    with (distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None,
                                   processes=True) as cluster,
          distributed.Client(cluster) as client, parallel_config(backend='dask')):
        yield client


def blas_threads():
    import numpy  # noqa: F401 -- loads the BLAS of a new process
    return os.getpid(), [pool['num_threads'] for pool in threadpool_info()
                         if pool['user_api'] == 'blas']


def check_equal(first, second):
    assert len(first) == 3
    for name in first:
        assert np.array_equal(first[name], second[name])


@pytest.mark.slow
def test_a_search_in_processes_has_the_scores_of_one():
    with threadpool_limits(1):
        alone = search()
    with parallel_config(backend='loky', n_jobs=2, inner_max_num_threads=1):
        check_equal(alone, search())
        threads = Parallel()(delayed(blas_threads)() for _ in range(4))
    assert os.getpid() not in dict(threads) and {n for _, all in threads for n in all} == {1}


@pytest.mark.slow
@pytest.mark.filterwarnings('ignore')                   # those of Dask are its own
def test_a_search_on_dask_has_the_scores_of_one(monkeypatch):
    with threadpool_limits(1):
        alone = search()
    with dask_workers(monkeypatch) as client:
        check_equal(alone, search())
        threads = client.run(blas_threads).values()
    assert len(dict(threads)) == 2 and {n for _, all in threads for n in all} == {1}


@pytest.mark.slow
@pytest.mark.filterwarnings('ignore')
def test_a_worker_that_is_killed_loses_nothing(monkeypatch, tmp_path):
    here, mark = os.getpid(), str(tmp_path / 'killed')

    def layers(features, outputs):
        """Layers; the first worker that is asked for them is killed."""
        if os.getpid() != here:
            try:
                os.close(os.open(mark, os.O_CREAT | os.O_EXCL))
                os.kill(os.getpid(), signal.SIGKILL)
            except FileExistsError:
                pass
        return [Dense(8, 'relu'), Dense(outputs, 'softmax')]
    with threadpool_limits(1):
        alone = search(layers=layers)
    with dask_workers(monkeypatch):
        found = search(layers=layers)
    assert Path(mark).exists()
    check_equal(alone, found)


@pytest.mark.slow
def test_the_example_of_a_search_runs(capsys):
    example = runpy.run_path(str(EXAMPLES / 'search.py'))
    found = example['main'](epochs=1)
    assert len(found.cv_results_['params']) == 24 and '24 networks' in capsys.readouterr().out


# ---- What is refused ---------------------------------------------------------------------------

@pytest.mark.parametrize('fit, message', [
    (lambda: classifier(epochs=0).fit(X, Y), "The 'epochs' parameter of EpyNNClassifier must be"),
    (lambda: classifier(optimizer='Adan').fit(X, Y), "The 'optimizer' parameter of"),
    (lambda: classifier(validation_fraction=1.0).fit(X, Y), "The 'validation_fraction' param"),
    (lambda: classifier(scale='robust').fit(X, Y), "The 'scale' parameter of"),
    (lambda: EpyNNRegressor(loss='mse').fit(X, Y), "The 'loss' parameter of EpyNNRegressor"),
    (lambda: classifier().fit(X[:, 0], Y), 'Expected 2D array, got 1D array'),
    (lambda: classifier().fit(X, Y[:9]), 'inconsistent numbers of samples'),
    (lambda: classifier().fit(np.where(X > 7, np.nan, X), Y), 'Input X contains NaN'),
    (lambda: classifier().fit(X, X[:, 0]), 'Unknown label type: continuous'),
    (lambda: classifier().fit(X, np.eye(3)[Y]), 'y should be a 1d array'),
    (lambda: classifier().fit(X, Y * 0), 'contains only one class'),
    (lambda: classifier().fit(X, Y, -np.ones(150)), 'Negative values in data passed to `sample_w'),
    (lambda: classifier().fit(X, Y).predict(X[:, :2]), 'X has 2 features, but EpyNNClassifier is'),
    (lambda: classifier(class_weight={0: 1, 9: 1}).fit(X, Y), 'are not in class_weight'),
    (lambda: classifier().partial_fit(X, Y), 'classes must be passed on the first call'),
    (lambda: classifier().partial_fit(X, Y, [0, 1]), 'y contains previously unseen labels'),
    (lambda: classifier(class_weight='balanced').partial_fit(X, Y, [0, 1, 2]),
     "class_weight 'balanced' is not supported for partial_fit"),
    (lambda: classifier(hyperparameters={'optimizer': 'SGD'}).fit(X, Y),
     "optimizer as a parameter of its own.*set optimizer='SGD'"),
    (lambda: classifier(hyperparameters={'decay': 1}).fit(X, Y), 'knows no hyperparameter'),
    (lambda: classifier(layers=[Dense(3, 'identity')]).fit(X, Y), 'expects softmax or sigmoid'),
    (lambda: classifier(layers=[Dense(4, 'softmax')]).fit(X, Y), 'expected 3 units in the last'),
    (lambda: classifier(layers=[]).fit(X, Y), 'at least one more layer'),
    (lambda: classifier(early_stopping=True, validation_fraction=0.001).fit(X, Y),
     'expects samples to hold out'),
], ids=range(23))
def test_bad_input_is_refused(fit, message):
    with pytest.raises(ValueError, match=message):
        fit()


@both
def test_nothing_is_predicted_before_fit(kind):
    with pytest.raises(NotFittedError, match='is not fitted yet'):
        kind().predict(X)


def test_without_scikit_learn_the_error_names_the_extra(monkeypatch):
    for name in [name for name in sys.modules if name.startswith(('sklearn', 'epynn.estimator'))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, 'sklearn', None)
    with pytest.raises(ImportError, match=r"pip install 'epynn\[sklearn\]'"):
        __import__('epynn.estimator')
