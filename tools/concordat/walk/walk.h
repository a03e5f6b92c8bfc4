// The walk through the open items of an assessment on a terminal: a digit and Enter an item.
#pragma once

#include "tools/concordat/walk/walk_desk.h"

namespace concordat::cli {

/// Until everything in scope was visited or the user quits; returns the exit code. What could not be saved is
/// said on standard error at the end.
int RunWalk(WalkDesk& desk);

/// The same as questions and answers, line by line, for terminals without a cursor and for screen readers;
/// reads standard input to its end.
int RunLineWalk(WalkDesk& desk, size_t width);

}  // namespace concordat::cli
