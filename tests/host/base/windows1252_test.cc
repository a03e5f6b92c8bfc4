// What a spreadsheet saves as plain "CSV".
#include "host/base/windows1252.h"

#include "gtest/gtest.h"

namespace concordat {
namespace {

TEST(Windows1252, BecomesUtf8) {
  EXPECT_EQ(Windows1252ToUtf8("plain"), "plain");
  EXPECT_EQ(Windows1252ToUtf8("caf\xE9 \x80 5 \x96 \x93so\x94 \xA3 \xFF"), "café € 5 – “so” £ ÿ");
  EXPECT_EQ(Windows1252ToUtf8("\x81"), "\xC2\x81") << "unassigned: a control, refused where texts are judged";
}

}  // namespace
}  // namespace concordat
