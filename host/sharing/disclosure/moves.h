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
  int64_t cost = 0;            // of what would have to be suppressed for it
  std::vector<int> positions;  // the cells that change, the cell itself not among them
};

/// A question: by how much can `position` rise (or fall) in the scope?
struct Wish {
  int position = 0;
  bool rise = true;
  int64_t amount = 0;  // more is not looked for
  bool could = false;  // may use cells that the new table still prints, the cheapest ones
};

/// Finds moves. One thread at a time.
class Mover {
 public:
  virtual ~Mover() = default;
  virtual Move Find(const Scope& scope, const Wish& wish) = 0;
};

/// What printing the cell is worth: suppressing a small one loses least, a margin more than the cells beneath
/// it.
int64_t CostOf(const History& history, int position);

/// Flows in the network of a table of at most two dimensions; exact.
std::unique_ptr<Mover> MakeFlows(const History& history);

/// Single hypercubes for tables of more dimensions; a lower bound.
std::unique_ptr<Mover> MakeHypercubes(const History& history);

}  // namespace concordat::sharing
