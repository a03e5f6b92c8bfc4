// File names, cells and notes are written by anybody: on a terminal they are letters.
#include <gtest/gtest.h>

#include "host/base/json.h"
#include "tools/concordat/render/inbox_text.h"
#include "tools/concordat/render/profile_text.h"
#include "tools/concordat/render/scorecard_text.h"
#include "tools/concordat/render/table.h"

namespace concordat::cli {
namespace {

// Sets the window's title, clears the screen, turns the direction, and begins a line of its own.
constexpr char kEvil[] = "2019\x1b]0;pwn\x07\x1b[2J\u202E\nwaiting: all is well";

void ExpectHarmless(const std::string& text) {
  EXPECT_EQ(text.find_first_of("\x1b\x07"), std::string::npos) << text;
  EXPECT_EQ(text.find("\u202E"), std::string::npos) << text;
  EXPECT_NE(text.find("2019"), std::string::npos) << "it is shown, though: " << text;
}

TEST(StrangersWords, AFileInAnInboxCannotWriteTheAdministratorsScreen) {
  const json::Array files{json::Object{{"file", kEvil}, {"why", kEvil}}};
  const json::Object inboxes{
      {"folder", "/inbox"},
      {"feeds", json::Array{json::Object{{"feed", "levels"},
                                         {"last", json::Object{{"file", kEvil}}},
                                         {"waiting", files},
                                         {"failures", files}}}},
      {"misplaced", json::Array{json::Object{{"name", kEvil}, {"why", "it lies beside"}}}}};
  const std::string text = InboxText(inboxes);
  ExpectHarmless(text);
  EXPECT_EQ(text.find("\nwaiting: all is well"), std::string::npos) << text;
}

TEST(StrangersWords, NamesAndCellsInReportsAreLetters) {
  ExpectHarmless(ScorecardText(json::Object{{"source", json::Object{{"name", kEvil}}},
                                            {"decision", "reject"},
                                            {"reasons", json::Array{json::Object{{"message", kEvil}}}},
                                            {"notes", json::Array{kEvil}}}));
  ExpectHarmless(ProfileText(json::Object{{"name", kEvil}, {"notes", json::Array{kEvil}}}));
  Table table({"reason"});
  table.Add({kEvil});
  ExpectHarmless(table.str());
}

}  // namespace
}  // namespace concordat::cli
