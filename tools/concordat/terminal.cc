#include "tools/concordat/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "fmt/format.h"

namespace concordat::cli {
namespace {

bool Colours() {
  static const bool colours = [] {
    const char* term = std::getenv("TERM");
    const bool dumb = term != nullptr && std::strcmp(term, "dumb") == 0;
    return isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr && !dumb;
  }();
  return colours;
}

const char* CodeOf(Colour colour) {
  switch (colour) {
    case Colour::kPlain:
      return "0";
    case Colour::kBold:
      return "1";
    case Colour::kGood:
      return "32";
    case Colour::kWarn:
      return "33";
    case Colour::kBad:
      return "31";
    case Colour::kFaint:
      return "2";
  }
  return "0";
}

}  // namespace

std::string Paint(Colour colour, std::string_view text) {
  if (!Colours() || colour == Colour::kPlain) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", CodeOf(colour), text);
}

bool HasUnicode() {
  static const bool unicode = [] {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
      const char* value = std::getenv(name);
      if (value == nullptr || *value == '\0') continue;
      std::string locale(value);
      std::transform(locale.begin(), locale.end(), locale.begin(),
                     [](unsigned char c) { return std::tolower(c); });
      return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
    }
    return false;
  }();
  return unicode;
}

std::string Bar(double share, int width) {
  const int filled = static_cast<int>(std::floor(std::clamp(share, 0.0, 1.0) * width));
  std::string bar;
  for (int i = 0; i < width; ++i) bar += i < filled ? "█" : "░";
  return bar;
}

size_t TerminalColumns() {
  winsize size{};
  if (isatty(STDOUT_FILENO) != 1 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

void Progress::Show(std::string_view state) {
  if (isatty(STDERR_FILENO) != 1) return;
  shown_ = true;
  fmt::print(stderr, "\r\x1b[K{}: {}", what_, state);
  std::fflush(stderr);
}

Progress::~Progress() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
}

}  // namespace concordat::cli
