// What a terminal can show: colour and progress there, plain text everywhere else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "host/pages/members.h"

namespace concordat::cli {

enum class Colour { kPlain, kBold, kGood, kWarn, kBad, kFaint };

/// `text` in colour when standard output is a terminal that is not dumb, and NO_COLOR is not set.
std::string Paint(Colour colour, std::string_view text);

/// Whether the locale (LC_ALL, LC_CTYPE, LANG) is one of UTF-8; in others only plain letters are certain to
/// be seen.
bool HasUnicode();

using pages::Grouped;
/// A bar of `width` cells filled to `share` (0..1), readable without colour.
std::string Bar(double share, int width);

/// Columns of the terminal that standard output is; 0 when it is none or does not say.
size_t TerminalColumns();

/// One line on standard error that is rewritten; nothing unless standard error is a terminal.
class Progress {
 public:
  explicit Progress(std::string what) : what_(std::move(what)) {}
  ~Progress();
  void Show(std::string_view state);

 private:
  const std::string what_;
  bool shown_ = false;
};

}  // namespace concordat::cli
