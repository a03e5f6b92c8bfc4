#include "tools/concordat/walk/walk_screen.h"

#include <gtest/gtest.h>

#include "tests/tools/assessment_documents.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

WalkView ViewOf(const json::Value& document, const std::string& item) {
  WalkView view;
  view.assessment = &document;
  view.item = item;
  return view;
}

std::string TextOf(const Frame& frame) {
  std::string text;
  for (const std::string& line : frame.lines) text += line + "\n";
  return text;
}

TEST(WalkScreen, NoFrameIsLargerThanItsTerminal) {
  const json::Value document = SmallAssessment();
  for (const size_t columns : {12, 20, 40, 80, 200}) {
    for (const size_t rows : {4, 6, 10, 15, 24, 60}) {
      for (const char* item : {"right_first_time", "backup", "named_lead"}) {
        WalkView view = ViewOf(document, item);
        view.comment = "品質 " + std::string(300, 'x');
        view.message =
            "not saved: the host cannot be reached, and here is a long explanation of why that may be so";
        view.trouble = true;
        for (const bool help : {false, true}) {
          view.help = help;
          const Frame frame = WalkFrame(view, {columns, rows});
          EXPECT_LE(frame.lines.size(), rows) << columns << "x" << rows;
          for (const std::string& line : frame.lines) EXPECT_LE(Columns(line), columns) << line;
        }
      }
    }
  }
}

TEST(WalkScreen, QuestionLevelsAndKeysAreThereEvenWhenItIsSmall) {
  const json::Value document = SmallAssessment();
  WalkView view = ViewOf(document, "right_first_time");
  view.level = 2;
  for (const TerminalSize size : {TerminalSize{80, 24}, TerminalSize{40, 15}}) {
    const std::string text = TextOf(WalkFrame(view, size));
    for (const char* part : {"2 of 3", "Is data right first time", "1 below minimum", "▶ 2 at minimum",
                             "3 above minimum", "Enter save", "q quit"})
      EXPECT_TRUE(Holds(text, part)) << part << "\n" << text;
  }
}

TEST(WalkScreen, LevelsShowWhatWasMeasuredSavedAndLastTime) {
  const json::Value document = SmallAssessment();
  const std::string first = TextOf(WalkFrame(ViewOf(document, "right_first_time"), {100, 40}));
  for (const char* part :
       {"1 below minimum  <- measured", "3 above minimum  <- saved", "Cleaned by hand", "Guidance: Compare",
        "Why: Mending", "Measured: first-time pass rate 71%; supports 1 below minimum",
        "▲ overstated: level 3 claimed", "Attached: E-1", "Remark of sam: ask IT"})
    EXPECT_TRUE(Holds(first, part)) << part << "\n" << first;
  const std::string second = TextOf(WalkFrame(ViewOf(document, "backup"), {100, 40}));
  EXPECT_TRUE(Holds(second, "2 at minimum  <- last time")) << second;
  EXPECT_TRUE(Holds(second, "Last time, 2025/26: 2 at minimum, \"in May\""));
}

TEST(WalkScreen, GuidanceFoldsAwayAndWhatDoesNotFitScrolls) {
  json::Value document = SmallAssessment();
  document.at("themes").at(0).at("items").at(0).at("guidance") =
      std::string(40, 'g') + " " + std::string(600, 'w') + " the end";
  WalkView view = ViewOf(document, "right_first_time");
  view.guidance = false;
  EXPECT_FALSE(Holds(TextOf(WalkFrame(view, {60, 24})), "Guidance"));
  view.guidance = true;
  EXPECT_TRUE(Holds(TextOf(WalkFrame(view, {60, 20})), "below: PgDn"));
  view.scroll = 1000;
  const std::string end = TextOf(WalkFrame(view, {60, 20}));
  EXPECT_TRUE(Holds(end, "end; PgUp")) << end;
  EXPECT_TRUE(Holds(end, "Remark of sam"));
}

TEST(WalkScreen, TheCursorStandsBehindWhatIsTyped) {
  const json::Value document = SmallAssessment();
  WalkView view = ViewOf(document, "named_lead");
  view.prompt = "Comment:";
  view.typed = "品質";
  const Frame frame = WalkFrame(view, {40, 15});
  ASSERT_TRUE(frame.cursor);
  EXPECT_EQ(frame.cursor->first, 14U);
  EXPECT_EQ(frame.cursor->second, 13U);
  view.typed = std::string(200, 'a') + "z";
  const Frame longer = WalkFrame(view, {40, 15});
  EXPECT_EQ(longer.lines.back().back(), 'z') << "the end of a long line is what one types at";
  EXPECT_LT(longer.cursor->second, 40U);
}

TEST(WalkScreen, AScaleWithMoreLevelsThanRowsShowsThoseAroundTheChosenOne) {
  json::Value document = SmallAssessment();
  json::Array scale;
  for (int level = 0; level <= 20; ++level)
    scale.push_back(json::Object{{"level", level}, {"name", "step"}, {"colour", nullptr}});
  document.at("scale") = scale;
  WalkView view = ViewOf(document, "named_lead");
  view.level = 17;
  EXPECT_TRUE(Holds(TextOf(WalkFrame(view, {60, 12})), "▶ 17 step"));
}

}  // namespace
}  // namespace concordat::cli
