// What a steward reads beside a file in an inbox, besides the report of a judgement.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace concordat::pages {

/// A box below the decision; each line is escaped. Empty for no lines.
std::string NoticeHtml(std::string_view heading, const std::vector<std::string>& lines);

/// The page of a file that was not taken in, or not yet.
struct NotTaken {
  std::string file;
  std::string feed;
  std::string headline;  // "Not taken in", "Waiting"
  bool waiting = false;  // else it is bad
  std::string why;
  std::vector<std::string> steps;
  std::string at;  // when this was written
};
std::string NotTakenPage(const NotTaken& page);

}  // namespace concordat::pages
