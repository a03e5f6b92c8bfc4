// What the walk shows: one item on a screen of any size, by a pure function.
#pragma once

#include <optional>
#include <string>

#include "host/base/json.h"
#include "tools/concordat/walk/terminal_keys.h"

namespace concordat::cli {

/// Everything one screen depends on.
struct WalkView {
  const json::Value* assessment = nullptr;
  std::string item;
  std::optional<int> level;  // the one chosen, saved or not
  std::string comment;
  bool comment_unsaved = false;
  bool guidance = true;
  bool help = false;
  size_t scroll = 0;    // lines of the middle part that were scrolled away
  std::string message;  // what became of the last key
  bool trouble = false;
  std::string keys;  // instead of the usual line of keys
  // A line being typed; nothing when keys are commands.
  std::optional<std::string> prompt;
  std::string typed;
};

/// At most `size.rows` lines of at most `size.columns` columns. The question, the levels, the message and the
/// keys are always there; what else is known scrolls between them.
Frame WalkFrame(const WalkView& view, TerminalSize size);

/// Everything known of an item besides its question and levels, wrapped: why, guidance, what was measured,
/// last time, attached, remarks.
std::vector<std::string> ItemFacts(const json::Value& assessment, const json::Value& item, bool guidance,
                                   size_t width);
/// "mandatory, evidence required, owner sam": what is to be known of the item in a few words.
std::string ItemMarks(const json::Value& item);
/// The theme's title that an item stands in.
std::string ThemeOf(const json::Value& assessment, std::string_view item);

}  // namespace concordat::cli
