"""Model files taken apart and put together again, with something in them changed."""
import io
import json
import zipfile

import numpy as np


def parts(path):
    """Name and bytes of each part of an archive, in their order."""
    with zipfile.ZipFile(path) as archive:
        return [(part.filename, archive.read(part)) for part in archive.infolist()]


def write_parts(path, content, compression=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, 'w', compression) as archive:
        for name, data in content:
            archive.writestr(name, data)


def npy(array):
    """An array as a part of an archive holds it."""
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(array), allow_pickle=True)
    return buffer.getvalue()


def array_of(data):
    return np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)


def header_of(path):
    """The header of a model file, as a dict."""
    return json.loads(array_of(dict(parts(path))['header.npy']).tobytes())


def header_part(header):
    """A header, as a dict or as bytes, as the part of an archive."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return npy(np.frombuffer(text, np.uint8))


def change_header(path, change):
    """The same file, with a header that a function has changed in place."""
    header = header_of(path)
    change(header)
    write_parts(path, [(name, header_part(header) if name == 'header.npy' else data)
                       for name, data in parts(path)])


def change_entries(path, *changes):
    """The same file, with entries of the header set: each is (key, key, ..., value)."""
    def change(header):
        for *keys, last, value in changes:
            entry = header
            for key in keys:
                entry = entry[key]
            entry[last] = value

    change_header(path, change)


def change_arrays(path, **arrays):
    """The same file, with some arrays replaced or added; without those that are None."""
    content = {name.removesuffix('.npy'): data for name, data in parts(path)}
    content.update((name, npy(array)) for name, array in arrays.items() if array is not None)
    write_parts(path, [(f'{name}.npy', data) for name, data in content.items()
                       if arrays.get(name, 0) is not None])
