"""``make bench-as2``: AS2 messages made and opened, ours and pyas2lib's in the same run, on the same payloads and keys.

Made: signed with SHA-256, encrypted with AES-256-CBC. Opened: decrypted, verified, the receipt for it made and signed.
Each library runs in a process of its own, on one core; memory is that process's most, less what it held before.

    bench_as2.py [--quick]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE.parent / "transports" / "as2"), str(HERE)]

SIZES = {"10 KB": 10_000, "1 MB": 1_000_000, "50 MB": 50_000_000}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="small messages only, for a moment")
    quick = parser.parse_args().quick
    with TemporaryDirectory() as folder:
        write_keys(Path(folder))
        runs = {"ours": (sys.executable, HERE / "bench_ours.py")}
        try:
            runs["pyas2lib"] = (str(import_module("pyas2lib_exchanges").environment()), HERE / "bench_pyas2lib.py")
        except Exception as error:
            print(f"without pyas2lib: {error}")
        print(f"{'size':>6}  {'library':<9}{'made/s':>9}{'opened/s':>10}{'made MB/s':>11}{'opened MB/s':>13}{'most MB':>9}")
        for name, size in SIZES.items():
            if not (quick and size > 100_000):
                report(name, size, {of: measure(*run, Path(folder), size, quick) for of, run in runs.items()})
    return 0


def write_keys(folder: Path) -> None:
    """Two key pairs, in the forms each library reads."""
    from as2_parties import key_pair
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
    from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

    for name in ("one", "two"):
        pair = key_pair(name)
        locked = serialize_key_and_certificates(b"x", pair.key, pair.certificate, None, BestAvailableEncryption(b"test"))
        (folder / f"{name}.p12").write_bytes(locked)
        (folder / f"{name}.pem").write_bytes(pair.certificate.public_bytes(Encoding.PEM))
        (folder / f"{name}.key").write_bytes(pair.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def measure(python: str, script: Path, folder: Path, size: int, quick: bool) -> dict[str, float]:
    """What one library reports: messages made and opened a second, and the memory both took, in MB."""
    seconds = "0.5" if quick else "3"
    done = subprocess.run(
        [python, str(script), str(folder), str(size), seconds], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return dict(json.loads(done.stdout))


def report(name: str, size: int, found: dict[str, dict[str, float]]) -> None:
    for of, one in found.items():
        speed = [one[what] * size / 1e6 for what in ("made", "opened")]
        print(
            f"{name:>6}  {of:<9}{one['made']:>9.1f}{one['opened']:>10.1f}{speed[0]:>11.1f}{speed[1]:>13.1f}{one['memory']:>9.0f}"
        )
    if "pyas2lib" in found:
        made, opened = (found["ours"][what] / found["pyas2lib"][what] for what in ("made", "opened"))
        print(f"{'':>6}  {'ratio':<9}{made:>8.1f}×{opened:>9.1f}×", flush=True)


if __name__ == "__main__":
    sys.exit(main())
