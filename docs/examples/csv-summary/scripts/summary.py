"""Prints one line for each column of a CSV file: filled cells, distinct values, smallest and largest."""

import csv
import sys


def main(path: str) -> None:
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    print(f"{len(rows)} rows")
    for column in rows[0] if rows else []:
        values = [row[column] for row in rows if row[column] not in (None, "")]
        numbers = [float(value) for value in values if is_number(value)]
        span = f"{min(numbers)} to {max(numbers)}" if values and len(numbers) == len(values) else "text"
        print(f"{column}: {len(values)} filled, {len(set(values))} distinct, {span}")


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1])
