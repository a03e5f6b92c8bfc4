// Small counts do not leave, nor do the figures they could be computed from.
//
// Attacker's knowledge: every printed figure, that all counts are whole numbers >= 0, that margins add up,
// and, where the same party was given tables before, that a cell which stands with the same count is the same
// cell. The interval that this leaves for any suppressed cell is at least `threshold` wide. One and two
// dimensions: exact, by maximum flows in the network of the table (Gusfield, "A graph theoretic approach to
// statistical data security", SIAM J. Comput. 17, 1988). Three and more: by hypercubes of alternating signs
// (Giessing & Repsilber, "Tools and strategies to protect multiple tables with the GHQUAR cell suppression
// engine", 2002), which may suppress more than the least.
#pragma once

#include <string>
#include <vector>

#include "host/base/status.h"
#include "host/sharing/disclosure/count_table.h"

namespace concordat::sharing {

/// What "too small to print" means. All numbers are counts of records.
struct SmallCounts {
  int64_t threshold = 10;        // counts below it are not printed; also the width of interval to be kept
  bool zeros_disclosive = true;  // then a count of 0 is too small, too
  bool secondary = true;  // protect by suppressing more; without it only the small counts themselves go
  int64_t round_to =
      0;  // print to the nearest multiple, halves up; 0 or 1: as it is. Never counts as protection
};

/// What the same party was given before: same dimensions, values as printed then (true counts) and which were
/// suppressed.
struct EarlierTable {
  CountTable table;
  std::string release;
};

/// Marks the cells of `table` that may not be printed; `earlier` goes from oldest to newest. A cell that the
/// caller has marked primary stays so; other marks are set anew. InvalidArgument: the tables are no tables (a
/// key twice, margins that do not add up, other dimensions than before). FailedPrecondition: with what has
/// left before, no marking protects; the message names the cell and the earlier release. After an error every
/// cell is marked and nothing may leave. A count that was printed before and has not changed is out already:
/// it stays printed, small or not.
absl::Status Suppress(const SmallCounts& rule, const std::vector<EarlierTable>& earlier, CountTable& table);

/// Computes from what is about to be printed what an attacker can narrow down, whoever marked the cells.
/// Internal names the first cell whose count or interval is too small; InvalidArgument as above.
absl::Status VerifySuppression(const SmallCounts& rule, const std::vector<EarlierTable>& earlier,
                               const CountTable& table);

/// "[c]" for a suppressed cell, else its count, rounded where the rule says so.
std::string Printed(const SmallCounts& rule, const CountCell& cell);

}  // namespace concordat::sharing
