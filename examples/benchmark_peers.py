"""What would one write in PyTorch and in JAX? The networks and layers of the benchmark.

Each is written the way that suits the framework best on a processor:

- The input's share of every gate is one product over all steps, the products of a state with
  the weights of the gates z and r are one, and only what needs the state before is in the loop.
- PyTorch: ``nn.RNN`` for the RNN. ``nn.GRU`` puts the reset gate after the product, another
  formula, so the GRU is a loop over tensors with autograd; ``nn.GRU`` is timed beside it.
- JAX: ``lax.scan`` within one jitted update and one jitted evaluation; parameters are donated,
  so that they are updated in place.
- One-hot input in whatever form is quickest: stored as floating point numbers, unfolded from the
  symbols for each batch, or not at all, rows of the weights being looked up by symbol.
- What else may help is tried: ``forms`` lists the ways, the benchmark takes the quickest.

Every class here takes parameters named as in epynn, and gives gradients named as in epynn.
"""
import numpy as np

try:
    import torch
except ImportError:
    torch = None
try:
    import jax
    import jax.numpy as jnp
    jax.config.update('jax_enable_x64', True)
except ImportError:
    jax = None

MAX_NORM = 0.25                         # to which epynn clips the gradients of an RNN


def transposed(W):
    return np.ascontiguousarray(np.swapaxes(W, -1, -2))


# ---- PyTorch ---------------------------------------------------------------------------------

def torch_version():
    blas = next((line.strip(' -') for line in torch.__config__.show().splitlines()
                 if 'Math Kernel' in line or 'OpenBLAS' in line), 'BLAS not named')
    return f'{torch.__version__}, {torch.get_num_threads()} threads, eager; {blas}'


def torch_gru(p, xz_r, xhh):
    """States of a GRU, (steps, samples, units), by the formula of epynn."""
    u = p['Vhh'].shape[0]
    Vz_r = torch.cat([p['Vz'], p['Vr']], dim=1)
    h = torch.zeros(xhh.shape[1], u, dtype=xhh.dtype)
    states = []
    for z_r_, hh_ in zip(xz_r.unbind(), xhh.unbind(), strict=True):
        z, r = torch.sigmoid(torch.addmm(z_r_, h, Vz_r)).split(u, dim=1)
        hh = torch.tanh(torch.addmm(hh_, r * h, p['Vhh']))
        h = torch.lerp(hh, h, z)                                        # hh + z (h - hh)
        states.append(h)
    return torch.stack(states)


class TorchRecurrent:
    """A recurrent layer: its parameters as tensors, and the states (m, s, u) for an input."""

    def __init__(self, kind, p, form):
        self.kind, self.form = kind, form
        self.e, self.u = p['U' if kind == 'RNN' else 'Uz'].shape
        dtype = torch.from_numpy(next(iter(p.values()))).dtype
        if kind == 'GRU':
            self.p = {k: torch.tensor(W, requires_grad=True) for k, W in p.items()}
            self.parameters = list(self.p.values())
            return
        module = torch.nn.RNN if kind == 'RNN' else torch.nn.GRU
        self.module = module(self.e, self.u, batch_first=True, dtype=dtype)
        self.parameters = list(self.module.parameters())
        if kind == 'RNN':
            with torch.no_grad():
                self.module.weight_ih_l0.copy_(torch.from_numpy(transposed(p['U'])))
                self.module.weight_hh_l0.copy_(torch.from_numpy(transposed(p['V'])))
                self.module.bias_ih_l0.copy_(torch.from_numpy(p['b'][0]))
                self.module.bias_hh_l0.zero_().requires_grad_(False)    # b once, not twice
            self.parameters = [W for W in self.parameters if W.requires_grad]

    def __call__(self, X):
        if self.kind != 'GRU':
            return self.module(X)[0]
        p = self.p
        Uz_r, bz_r = (torch.cat([p[f'{k}z'], p[f'{k}r']], dim=1) for k in 'Ub')
        if self.form == 'looked up':
            X = X.T
            xz_r, xhh = ((U.index_select(0, X.reshape(-1)) + b).view(*X.shape, -1)
                         for U, b in ((Uz_r, bz_r), (p['Uhh'], p['bhh'])))
        else:
            X = X.transpose(0, 1)
            xz_r, xhh = X @ Uz_r + bz_r, X @ p['Uhh'] + p['bhh']
        return torch_gru(p, xz_r, xhh).transpose(0, 1)

    def gradients(self):
        if self.kind == 'GRU':
            return {f'd{k}': W.grad.numpy() for k, W in self.p.items()}
        module = self.module
        return {'dU': module.weight_ih_l0.grad.numpy().T, 'dV': module.weight_hh_l0.grad.numpy().T,
                'db': module.bias_ih_l0.grad.numpy()[np.newaxis]}


class TorchLayer:
    """One recurrent layer alone: forward pass, and training step from a given dL/dA."""

    def __init__(self, kind, p, X, symbols, dA, lrate, form='stored'):
        self.layer = TorchRecurrent(kind, p, form)
        self.X = torch.from_numpy(symbols.astype(np.int64) if form == 'looked up' else X)
        self.dA = torch.from_numpy(dA)
        self.optimizer = torch.optim.SGD(self.layer.parameters, lr=lrate)

    @staticmethod
    def forms(kind, one_hot):
        return [{'form': form} for form in ('stored', 'looked up')
                if form == 'stored' or (kind == 'GRU' and one_hot)]

    def forward(self):
        with torch.inference_mode():
            return self.layer(self.X)

    def backward(self):
        self.optimizer.zero_grad()
        A = self.layer(self.X)
        A.backward(self.dA)
        return A

    def step(self):
        self.backward()
        self.optimizer.step()

    def compile(self):
        """Nothing: eager."""

    def numbers(self):
        """Output and gradients, to be compared."""
        A = self.backward().detach().numpy()
        return {'A': A, **self.layer.gradients()}


class TorchNetwork:
    """A network of the tutorial: (recurrent layer -) Dense 64 relu - Dropout - Dense 2 softmax."""

    optimizers = 'SGD', 'Adam'

    def __init__(self, kind, p, data, lrate, batch, form='stored', optimizer='SGD'):
        self.kind, self.form, self.batch = kind, form, batch
        self.dtype = torch.from_numpy(p[-1]['W']).dtype
        dense = [{k: torch.tensor(W, requires_grad=True) for k, W in q.items()} for q in p[-2:]]
        self.first, self.last = dense
        self.layer = None if kind == 'Dense' else TorchRecurrent(kind, p[0], form)
        self.parameters = [W for q in dense for W in q.values()]
        self.parameters += self.layer.parameters if self.layer else []
        options = {'fused': True} if optimizer == 'Adam' else {}        # its quickest
        self.optimizer = getattr(torch.optim, optimizer)(self.parameters, lr=lrate, **options)
        self.sets = [(self.input(torch.from_numpy(symbols.astype(np.int64)), size),
                      torch.tensor(Y, dtype=self.dtype)) for symbols, size, Y in data]
        self.drop_prob = 0.5

    @staticmethod
    def forms(kind):
        return [{'form': form} for form in {'Dense': ('stored', 'looked up'), 'RNN': ('stored',),
                                            'GRU': ('stored', 'looked up')}[kind]]

    def input(self, symbols, size):
        if self.form == 'stored':
            return torch.nn.functional.one_hot(symbols, size).to(self.dtype)
        if self.kind == 'Dense':
            symbols += torch.arange(0, symbols.shape[1] * size, size)       # its row of W
        return symbols

    def forward(self, X, drop_prob):
        functional, p = torch.nn.functional, self.first
        if self.layer:
            X = self.layer(X)
        if self.kind == 'Dense' and self.form == 'looked up':
            Z = functional.embedding_bag(X, p['W'], mode='sum') + p['b']
        else:
            Z = torch.addmm(p['b'], X.reshape(len(X), -1), p['W'])
        A = functional.dropout(torch.relu(Z), drop_prob, training=drop_prob > 0)
        return torch.softmax(torch.addmm(self.last['b'], A, self.last['W']), dim=1)

    def backward(self, rows, drop_prob):
        X, Y = self.sets[0]
        self.optimizer.zero_grad()
        A = self.forward(X[rows], drop_prob)
        ((A - Y[rows])**2).mean(dim=1).sum().backward()
        if self.kind == 'RNN':                                  # epynn clips those of its RNN
            gradients = [W.grad for W in self.layer.parameters]
            norm = torch.linalg.vector_norm(torch.cat([g.reshape(-1) for g in gradients]))
            scale = (MAX_NORM / norm).clamp(max=1)
            for g in gradients:
                g *= scale
        return A

    def update(self, rows):
        self.backward(torch.from_numpy(rows), self.drop_prob)
        self.optimizer.step()

    def evaluate(self):
        """(loss, accuracy) of each set."""
        values = []
        with torch.inference_mode():
            for X, Y in self.sets:
                A = self.forward(X, 0)
                values.append((((A - Y)**2).mean().item(),
                               (A.argmax(dim=1) == Y.argmax(dim=1)).double().mean().item()))
        return values

    def compile(self):
        """Nothing: eager."""

    def numbers(self, rows):
        """Output and gradients without Dropout, to be compared."""
        A = self.backward(torch.from_numpy(rows), 0).detach().numpy()
        gradients = [self.layer.gradients()] if self.layer else []
        gradients += [{f'd{k}': W.grad.numpy() for k, W in q.items()}
                      for q in (self.first, self.last)]
        return {'A': A, **{f'{name} {i}': g for i, q in enumerate(gradients)
                           for name, g in q.items()}}


# ---- JAX -------------------------------------------------------------------------------------

def jax_version():
    return (f'{jax.__version__}, {jax.default_backend()}, {jax.device_count()} device, jit, '
            "XLA's own threads")


def jax_share(X, U, b, form):
    """X U + b, time first, of X in one of three forms."""
    X = jnp.swapaxes(X, 0, 1)
    if form == 'looked up':
        return U[X] + b
    if form == 'unfolded':
        X = jax.nn.one_hot(X, U.shape[0], dtype=U.dtype)
    return X @ U + b


def jax_rnn(p, X, form, unroll):
    """States (m, s, u) of an RNN."""
    x = jax_share(X, p['U'], p['b'], form)

    def step(h, x):
        h = jnp.tanh(x + h @ p['V'])
        return h, h

    start = jnp.zeros(x.shape[1:], x.dtype)
    return jnp.swapaxes(jax.lax.scan(step, start, x, unroll=unroll)[1], 0, 1)


def jax_gru(p, X, form, unroll):
    """States (m, s, u) of a GRU."""
    u = p['Vhh'].shape[0]
    U, b = (jnp.concatenate([p[f'{k}{gate}'] for gate in ('z', 'r', 'hh')], axis=1) for k in 'Ub')
    Vz_r = jnp.concatenate([p['Vz'], p['Vr']], axis=1)
    x = jax_share(X, U, b, form)

    def step(h, x):
        z_r = jax.nn.sigmoid(x[:, :2 * u] + h @ Vz_r)
        z, r = z_r[:, :u], z_r[:, u:]
        hh = jnp.tanh(x[:, 2 * u:] + (r * h) @ p['Vhh'])
        h = z * h + (1 - z) * hh
        return h, h

    start = jnp.zeros((x.shape[1], u), x.dtype)
    return jnp.swapaxes(jax.lax.scan(step, start, x, unroll=unroll)[1], 0, 1)


def jax_recurrent(kind, p, X, form, unroll):
    return (jax_rnn if kind == 'RNN' else jax_gru)(p, X, form, unroll)


def descended(p, g, lrate):
    return jax.tree.map(lambda W, dW: W - lrate * dW, p, g)


class JaxLayer:
    """One recurrent layer alone: forward pass, and training step from a given dL/dA."""

    def __init__(self, kind, p, X, symbols, dA, lrate, form='stored', unroll=1):
        self.p = jax.tree.map(jnp.array, p)
        self.X = jnp.asarray(X if form == 'stored' else symbols.astype(np.int32))
        self.dA = jnp.asarray(dA)

        def states(p, X):
            return jax_recurrent(kind, p, X, form, unroll)

        def gradients(p, X, dA):
            A, backward = jax.vjp(lambda p: states(p, X), p)
            return A, backward(dA)[0]

        def step(p, X, dA):
            A, g = gradients(p, X, dA)
            return A, descended(p, g, lrate)

        self.states, self.gradients = jax.jit(states), jax.jit(gradients)
        self.update = jax.jit(step, donate_argnums=0)

    @staticmethod
    def forms(kind, one_hot):
        if not one_hot:
            return [{'form': 'stored'}, {'form': 'stored', 'unroll': 4}]
        return [{'form': 'looked up'}, {'form': 'looked up', 'unroll': 4}, {'form': 'unfolded'}]

    def forward(self):
        self.states(self.p, self.X).block_until_ready()

    def step(self):
        A, self.p = jax.block_until_ready(self.update(self.p, self.X, self.dA))

    def compile(self):
        self.forward()
        self.step()

    def numbers(self):
        A, g = jax.block_until_ready(self.gradients(self.p, self.X, self.dA))
        return {'A': np.asarray(A), **{f'd{k}': np.asarray(dW) for k, dW in g.items()}}


class JaxNetwork:
    """A network of the tutorial: (recurrent layer -) Dense 64 relu - Dropout - Dense 2 softmax."""

    optimizers = 'SGD',

    def __init__(self, kind, p, data, lrate, batch, form='stored', unroll=1, optimizer='SGD'):
        self.p = jax.tree.map(jnp.array, p)
        self.key, self.batch = jax.random.key(1), batch
        dtype, size = self.p[-1]['W'].dtype, data[0][1]
        self.sets = [(jnp.asarray(symbols.astype(np.int32)), jnp.asarray(Y, dtype))
                     for symbols, _, Y in data]
        if form == 'stored':
            self.sets = [(jax.nn.one_hot(X, size, dtype=dtype), Y) for X, Y in self.sets]

        def output(p, X, mask):
            if kind != 'Dense':
                X = jax_recurrent(kind, p[0], X, form, unroll)
            W, m = p[-2]['W'], len(X)
            if kind == 'Dense' and form == 'looked up':
                Z = W[X + jnp.arange(0, len(W), size)].sum(axis=1) + p[-2]['b']
            else:
                if kind == 'Dense' and form == 'unfolded':
                    X = jax.nn.one_hot(X, size, dtype=dtype)
                Z = X.reshape(m, -1) @ W + p[-2]['b']
            return jax.nn.softmax(jax.nn.relu(Z) * mask @ p[-1]['W'] + p[-1]['b'])

        def gradients(p, X, Y, mask):
            def loss(p):
                A = output(p, X, mask)
                return ((A - Y)**2).mean(axis=1).sum(), A

            (_, A), g = jax.value_and_grad(loss, has_aux=True)(p)
            if kind == 'RNN':                                   # epynn clips those of its RNN
                norm = jnp.sqrt(sum((dW**2).sum() for dW in g[0].values()))
                scale = jnp.minimum(1, MAX_NORM / norm)
                g = [jax.tree.map(lambda dW: dW * scale, g[0]), *g[1:]]
            return A, g

        def update(p, key, rows, X, Y):
            key, now = jax.random.split(key)
            kept = jax.random.bernoulli(now, 0.5, (len(rows), p[-2]['W'].shape[1]))
            A, g = gradients(p, X[rows], Y[rows], kept.astype(dtype) / 0.5)
            return descended(p, g, lrate), key

        def evaluate(p, X, Y):
            A = output(p, X, 1)
            hits = A.argmax(axis=1) == Y.argmax(axis=1)
            return ((A - Y)**2).mean(), hits.mean(dtype='float64')

        self.gradients, self.evaluation = jax.jit(gradients), jax.jit(evaluate)
        self.jitted = jax.jit(update, donate_argnums=(0, 1))

    @staticmethod
    def forms(kind):
        if kind == 'Dense':
            return [{'form': form} for form in ('stored', 'unfolded', 'looked up')]
        return JaxLayer.forms(kind, one_hot=True)

    def update(self, rows):
        self.p, self.key = jax.block_until_ready(self.jitted(self.p, self.key, rows,
                                                             *self.sets[0]))

    def evaluate(self):
        """(loss, accuracy) of each set."""
        return [tuple(float(value) for value in self.evaluation(self.p, *dset))
                for dset in self.sets]

    def compile(self):
        self.evaluate()
        self.update(np.arange(self.batch))

    def numbers(self, rows):
        X, Y = self.sets[0]
        A, g = jax.block_until_ready(self.gradients(self.p, X[rows], Y[rows], 1))
        return {'A': np.asarray(A), **{f'd{k} {i}': np.asarray(dW) for i, q in enumerate(g)
                                       for k, dW in q.items()}}


# ---- Those that are installed ------------------------------------------------------------------

def installed(names):
    """``{name: (version and settings, layer, network)}``."""
    peers = {}
    if torch and 'torch' in names:
        peers['PyTorch'] = (torch_version(), TorchLayer, TorchNetwork)
    if jax and 'jax' in names:
        peers['JAX'] = (jax_version(), JaxLayer, JaxNetwork)
    return peers
