// The list of issue codes and the sources that use them say the same.
#include "host/policy/issue_codes.h"

#include <map>
#include <regex>
#include <set>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/files.h"

namespace concordat::policy {
namespace {

const std::string kFolder = CONCORDAT_SOURCE_DIR "/host/policy/";

// Words with a hyphen in the sources that are no codes.
const std::set<std::string> kOtherWords = {"special-category", "criminal-offence", "excel-1904"};

std::map<std::string, std::string> Sources() {
  std::map<std::string, std::string> sources;
  const std::vector<std::string> names = ListFiles(kFolder).value();
  for (const std::string& name : names) {
    if (name.ends_with(".cc") && name != "issue_codes.cc") sources[name] = ReadFile(kFolder + name).value();
  }
  return sources;
}

std::set<std::string> ListedCodes() {
  std::set<std::string> codes;
  for (const IssueCode& code : IssueCodes()) codes.emplace(code.code);
  return codes;
}

TEST(IssueCodes, EachIsListedOnceWithItsMeaning) {
  EXPECT_EQ(ListedCodes().size(), IssueCodes().size());
  for (const IssueCode& code : IssueCodes()) EXPECT_FALSE(code.meaning.empty()) << code.code;
}

TEST(IssueCodes, EveryHyphenatedCodeInTheSourcesIsListed) {
  const std::regex hyphenated("\"([a-z]+(?:-[a-z0-9]+)+)\"");
  const std::set<std::string> listed = ListedCodes();
  size_t found = 0;
  for (const auto& [name, text] : Sources()) {
    for (std::sregex_iterator at(text.begin(), text.end(), hyphenated), end; at != end; ++at) {
      const std::string word = (*at)[1];
      EXPECT_TRUE(listed.contains(word) || kOtherWords.contains(word)) << word << " in " << name;
      ++found;
    }
  }
  EXPECT_GT(found, 100u);
}

TEST(IssueCodes, AuthorsFindEachInTheReadme) {
  const std::string readme = ReadFile(CONCORDAT_SOURCE_DIR "/policies/README.md").value();
  for (const IssueCode& code : IssueCodes()) {
    EXPECT_THAT(readme, testing::HasSubstr(fmt::format("| `{}` | {} |", code.code, code.meaning)));
  }
}

TEST(IssueCodes, EveryListedCodeIsUsed) {
  std::string all;
  for (const auto& [name, text] : Sources()) all += text;
  for (const IssueCode& code : IssueCodes()) {
    EXPECT_THAT(all, testing::HasSubstr(fmt::format("\"{}\"", code.code))) << code.code;
  }
}

}  // namespace
}  // namespace concordat::policy
