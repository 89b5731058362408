"""Reads pip-audit's JSON from standard input; fails for a known vulnerability.

pip-audit ends well when it reached no service and therefore found nothing; here that is said.
"""

import json
import sys


def main() -> int:
    """Return 1 for a vulnerability, 0 otherwise, whatever could be audited."""
    text = sys.stdin.read()
    try:
        packages = json.loads(text)["dependencies"]
    except (ValueError, KeyError):
        print("NOT AUDITED: pip-audit gave no report; its message is above.")
        return 0
    skipped = [package for package in packages if "skip_reason" in package]
    found = [
        f"{package['name']} {package['version']}: {vulnerability['id']}, fixed in "
        f"{', '.join(vulnerability['fix_versions']) or 'no version yet'}"
        for package in packages
        for vulnerability in package.get("vulns", ())
    ]
    if skipped:
        print(
            f"NOT AUDITED: {len(skipped)} of {len(packages)} packages. Usually no service of "
            f"vulnerabilities can be reached. The first one: {skipped[0]['skip_reason']}"
        )
    print(f"Audited {len(packages) - len(skipped)} packages, {len(found)} known vulnerabilities.")
    for line in found:
        print(f"  {line}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
