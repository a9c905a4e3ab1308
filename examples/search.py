"""Which network tells digits apart best? A search over 24, on all cores or on many machines.

    python examples/search.py                   in this process
    python examples/search.py loky              in a process for each core
    python examples/search.py dask              on two workers of Dask, started here
    python examples/search.py dask ADDRESS      on a cluster whose scheduler is at that address

It needs the extra sklearn, with Dask the extra dask: python -m pip install 'epynn[dask]'.
"""
import sys
import time
from contextlib import ExitStack

from joblib import parallel_config
from sklearn.datasets import load_digits
from sklearn.model_selection import GridSearchCV

from epynn.estimator import EpyNNClassifier

GRID = {'hidden': [(25,), (50,), (100,)], 'activate': ['relu', 'tanh'],
        'learning_rate': [0.001, 0.003, 0.01, 0.03]}


def search(epochs=10):
    """Scores of all networks of the grid, in three folds."""
    X, y = load_digits(return_X_y=True)
    found = GridSearchCV(EpyNNClassifier(epochs=epochs, random_state=0), GRID, cv=3, refit=False)
    return found.fit(X / 16, y)


def main(where='here', address=None, epochs=10):
    with ExitStack() as stack:
        if where == 'loky':
            stack.enter_context(parallel_config('loky', n_jobs=-1, inner_max_num_threads=1))
        elif where == 'dask':
            from dask.distributed import Client, LocalCluster
            cluster = address or stack.enter_context(LocalCluster(
                n_workers=2, threads_per_worker=1, dashboard_address=None))
            stack.enter_context(Client(cluster))
            stack.enter_context(parallel_config('dask'))
        elif where != 'here':
            raise SystemExit(f'expected here, loky or dask, got {where}')
        begin = time.perf_counter()
        found = search(epochs)
    print(f'{len(found.cv_results_["params"])} networks in three folds, '
          f'{time.perf_counter() - begin:.1f} s: {found.best_score_:.3f} with {found.best_params_}')
    return found


if __name__ == '__main__':              # processes that are started import this file
    main(*sys.argv[1:3])
