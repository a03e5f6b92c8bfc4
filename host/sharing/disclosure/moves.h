// Ways to change a cell and others with it so that all totals stay right: what an attacker cannot tell apart.
// Internal to disclosure/; suppression.h is the door.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "host/sharing/disclosure/history.h"

namespace concordat::sharing {

/// A change found.
struct Move {
  int64_t amount = 0;          // by how much the cell can rise or fall, at most as much as was asked for
  std::vector<int> positions;  // the cells that change, the cell itself not among them
};

/// By how much can `position` rise (or fall) in the scope? More than `amount` is not looked for.
struct Question {
  int position = 0;
  bool rise = true;
  int64_t amount = 0;
};

/// What is known of a cell whose interval is too narrow: by how much it can rise and fall as things are.
struct Gap {
  int position = 0;
  int64_t width = 0;  // that is needed
  int64_t rise = 0, fall = 0;
};

/// Cells that close a gap when they are suppressed as well.
struct Remedy {
  bool found = false;
  int64_t cost = 0;
  std::vector<int> positions;  // all that change; some may be suppressed already
};

/// Finds moves. One thread at a time.
class Mover {
 public:
  virtual ~Mover() = default;
  virtual Move Find(const Scope& scope, const Question& question) = 0;
  /// A cheap remedy out of the cells that the scope allows to be suppressed.
  virtual Remedy Mend(const Scope& scope, const Gap& gap) = 0;
};

/// What printing the cell is worth: suppressing a small one loses least, a margin more than the cells beneath
/// it.
int64_t CostOf(const History& history, int position);

/// Flows in the network of a table of at most two dimensions; exact.
std::unique_ptr<Mover> MakeFlows(const History& history);

/// Single hypercubes for tables of more dimensions; a lower bound.
std::unique_ptr<Mover> MakeHypercubes(const History& history);

}  // namespace concordat::sharing
