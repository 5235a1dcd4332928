"""Adds up the result files (TRX) of all test projects; the last line is 'N passed, N failed, N skipped'."""
import pathlib
import sys
import xml.etree.ElementTree as tree

NAMESPACE = "{http://microsoft.com/schemas/VisualStudio/TeamTest/2010}"
results, tests = map(pathlib.Path, sys.argv[1:3])
passed = failed = skipped = 0
broken = []
for project in sorted(tests.glob("*/*.csproj")):
    file = results / f"{project.stem}.trx"
    outcomes = []
    if file.exists():
        try:
            outcomes = [result.get("outcome") for result in tree.parse(file).iter(f"{NAMESPACE}UnitTestResult")]
        except tree.ParseError:
            broken.append(f"{project.stem}: its result file cannot be read")
    counts = outcomes.count("Passed"), len(outcomes) - outcomes.count("Passed") - outcomes.count("NotExecuted"), outcomes.count("NotExecuted")
    print(f"{project.stem:32}{counts[0]:6} passed{counts[1]:6} failed{counts[2]:6} skipped")
    passed, failed, skipped = passed + counts[0], failed + counts[1], skipped + counts[2]
    if not outcomes:
        broken.append(f"{project.stem}: no test ran")
for sentence in broken:
    print(sentence)
print(f"{passed} passed, {failed + len(broken)} failed, {skipped} skipped")
sys.exit(1 if failed or broken else 0)
