// A terminal in raw mode: keys in, whole screens out, and the terminal as it was on every exit that leaves a
// chance.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/base/status.h"

namespace concordat::cli {

enum class KeyKind {
  kText,  // one character, UTF-8
  kEnter,
  kEscape,
  kBackspace,
  kClear,  // Ctrl-U
  kUp,
  kDown,
  kPageUp,
  kPageDown,
  kRedraw,     // the window changed its size, or Ctrl-L
  kInterrupt,  // Ctrl-C
  kEnd,        // the terminal is gone, or Ctrl-D
  kOther,
};
struct Key {
  KeyKind kind = KeyKind::kOther;
  std::string text;
};

struct TerminalSize {
  size_t columns = 80;
  size_t rows = 24;
};

/// What one screen shows: at most as many lines as there are rows; where the cursor blinks, when it does.
struct Frame {
  std::vector<std::string> lines;
  std::optional<std::pair<size_t, size_t>> cursor;  // row, column, from 0
};

/// Standard input and output as a screen. One at a time in a process; one thread.
class Terminal {
 public:
  /// Raw mode and the alternate screen; handlers for signals that end the program, which put the terminal
  /// back first. FailedPrecondition when standard input or output is no terminal.
  static absl::StatusOr<std::unique_ptr<Terminal>> Open();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  /// Waits for a key, a new size or Ctrl-C.
  Key Read();
  TerminalSize size() const;
  void Show(const Frame& frame);
  /// While nobody reads keys, Ctrl-C ends the program as it does elsewhere.
  void SetBusy(bool busy);

 private:
  Terminal() = default;
  std::optional<unsigned char> NextByte(int timeout_ms);
  Key ReadEscape();
  Key ReadCharacter(unsigned char first);

  std::string pending_;  // bytes read and not looked at yet
};

/// True when standard input and output are terminals.
bool OnTerminal();
/// False on a terminal that cannot move its cursor: TERM is unset or "dumb".
bool CanDraw();

}  // namespace concordat::cli
