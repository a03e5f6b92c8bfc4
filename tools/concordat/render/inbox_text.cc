#include "tools/concordat/render/inbox_text.h"

#include "fmt/format.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/render/table.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

std::string Outcome(const json::Value& last) {
  std::string text = json::TextOr(last, "outcome", "");
  for (char& c : text) {
    if (c == '_') c = ' ';
  }
  const json::Value& repeated = Member(last, "repeated");
  return repeated.is_bool() && repeated.get_bool() ? text + " (the same again)" : text;
}

// Anybody may have named the file.
std::string Words(const json::Value& object, std::string_view member) {
  return Harmless(json::TextOr(object, member, ""));
}

}  // namespace

std::string InboxText(const json::Value& inboxes) {
  std::string text =
      fmt::format("inboxes in {}: {} waiting, {} not taken in\n", json::TextOr(inboxes, "folder", ""),
                  CountOf(inboxes, "waiting"), CountOf(inboxes, "failures"));
  Table table({"feed", "files", "last file", "at", "period", "what became of it", "submission"});
  std::string notes;
  for (const json::Value& feed : ItemsOf(inboxes, "feeds")) {
    const json::Value& last = Member(feed, "last");
    const std::string id = json::TextOr(feed, "feed", "");
    table.Add({id, std::to_string(CountOf(feed, "files")), json::TextOr(last, "file", "none yet"),
               json::TextOr(last, "at", ""), json::TextOr(last, "period", ""), Outcome(last),
               json::TextOr(last, "submission", "")});
    if (const std::string problem = json::TextOr(feed, "problem", ""); !problem.empty())
      notes += fmt::format("{}: {}\n", id, Harmless(problem));
    for (const json::Value& one : ItemsOf(feed, "waiting"))
      notes += fmt::format("waiting: {}/{}: {}\n", id, Words(one, "file"), Words(one, "why"));
    for (const json::Value& one : ItemsOf(feed, "failures"))
      notes += fmt::format("not taken in: {}/{}: {}\n", id, Words(one, "file"), Words(one, "why"));
  }
  for (const json::Value& one : ItemsOf(inboxes, "misplaced"))
    notes += fmt::format("misplaced: {}: {}\n", Words(one, "name"), Words(one, "why"));
  return text + table.str() + notes;
}

}  // namespace concordat::cli
