// adapter.yaml and the catalog: what an adapter says of itself, and what a feed may ask of it.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/adapters/manifest.h"
#include "host/base/digest.h"
#include "host/policy/reader.h"

namespace concordat::adapters {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr char kWhole[] = R"(name: tidy
version: 1.2.0
abi: {min: 1, max: 3}
library: tidy.so
description: Reads tidy files.
formats: [csv, txt]
options:
  - {name: sheet, type: integer, default: 1, description: Which.}
  - {name: strict, type: boolean, default: false, description: How.}
  - {name: mark, default: ";", description: What.}
  - {name: order, type: words, words: [up, down], default: up, description: Where.}
references:
  - {name: stations, file: lists/stations.csv}
  - {name: incidents, dataset: fire_incidents}
rules:
  - {id: known, description: It is known, dimension: consistency, severity: critical, columns: [a, b], mend: look it up}
  - {id: new, description: It is new}
dimensions:
  - {name: coverage_of_stations, description: Share of stations}
)";

policy::Node Parse(const std::string& text, Issues& issues) {
  return policy::ReadYaml(std::make_shared<const SourceText>(SourceText{"adapter.yaml", text}), issues);
}

std::vector<std::string> Messages(const Issues& issues) {
  std::vector<std::string> messages;
  for (const Issue& issue : issues.list())
    messages.push_back(fmt::format("{}: {}", issue.place.str(), issue.message));
  return messages;
}

/// A folder of adapters that goes away again.
class AdapterFolder {
 public:
  AdapterFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "concordat-adapters-XXXXXX").string();
    root_ = mkdtemp(name.data());
  }
  ~AdapterFolder() { std::filesystem::remove_all(root_); }

  void Write(const std::string& folder, const std::string& file, const std::string& content) const {
    std::filesystem::create_directories(root_ / folder);
    std::ofstream(root_ / folder / file, std::ios::binary) << content;
  }
  std::string path() const { return root_.string(); }

 private:
  std::filesystem::path root_;
};

std::string Minimal(const std::string& name, const std::string& more = "") {
  return fmt::format("name: {}\nversion: 1.0.0\nabi: {{min: 1, max: 1}}\nlibrary: {}.so\ndescription: d\n{}",
                     name, name, more);
}

TEST(ManifestTest, EverythingThatItSaysIsRead) {
  Issues issues;
  const Manifest manifest = ReadManifest(Parse(kWhole, issues), issues);
  EXPECT_THAT(Messages(issues), IsEmpty());
  EXPECT_EQ(manifest.name, "tidy");
  EXPECT_EQ(manifest.version, "1.2.0");
  EXPECT_EQ(manifest.abi_min, 1u);
  EXPECT_EQ(manifest.abi_max, 3u);
  EXPECT_THAT(manifest.formats, ElementsAre("csv", "txt"));
  ASSERT_EQ(manifest.options.size(), 4u);
  EXPECT_EQ(manifest.options[0].default_value, "1");
  EXPECT_EQ(manifest.options[2].type, "text");
  EXPECT_THAT(manifest.options[3].words, ElementsAre("up", "down"));
  ASSERT_EQ(manifest.references.size(), 2u);
  EXPECT_EQ(manifest.references[0].file, "lists/stations.csv");
  EXPECT_EQ(manifest.references[1].dataset, "fire_incidents");
  ASSERT_EQ(manifest.rules.size(), 2u);
  EXPECT_EQ(manifest.rules[0].severity, record::Severity::kCritical);
  EXPECT_THAT(manifest.rules[0].columns, ElementsAre("a", "b"));
  EXPECT_EQ(manifest.rules[0].mend, "look it up");
  EXPECT_EQ(manifest.rules[1].severity, record::Severity::kError);
  EXPECT_EQ(manifest.rules[1].dimension, record::Dimension::kConsistency);
  EXPECT_THAT(manifest.dimensions, ElementsAre("coverage_of_stations"));
}

TEST(ManifestTest, EveryMistakeIsToldAtItsPlace) {
  const struct {
    const char* from;
    const char* to;
    const char* message;
  } cases[] = {
      {"name: tidy", "name: Tidy Files",
       "adapter.yaml:1:7: \"Tidy Files\" must be lower-case letters, digits and _"},
      {"version: 1.2.0\n", "", "the adapter needs \"version\""},
      {"abi: {min: 1, max: 3}\n", "", "the adapter needs \"abi\""},
      {"max: 3", "max: 0", "\"min\" must be 1 or more and at most \"max\""},
      {"library: tidy.so", "library: ../tidy.so", "must be the name of a file beside adapter.yaml"},
      {"default: 1,", "default: one,", "the default of option \"sheet\" must be a whole number"},
      {"default: false", "default: maybe", "the default of option \"strict\" must be true or false"},
      {"default: up", "default: left", "the default of option \"order\" must be one of: up, down"},
      {"words: [up, down], ", "", "\"words\" belongs to an option of type words, and to no other"},
      {"name: strict", "name: sheet", "\"sheet\" stands in this list twice"},
      {"type: integer", "type: number", "\"number\" is no word for \"type\" of the option"},
      {"dataset: fire_incidents", "dataset: a, file: b", "a reference is either a \"file\""},
      {"severity: critical", "severity: grave", "\"grave\" is no word for \"severity\""},
      {"id: new", "id: known", "\"known\" stands in this list twice"},
      {"description: It is new", "text: It is new", "the rule needs \"description\""},
      {"formats:", "format:", "format"},
      {"dimensions:", "signature: abc\ndimensions:", "\"signature\" of the adapter must be a map"},
      {"dimensions:", "signature: {key: a, manifest: b, value: AAAA}\ndimensions:",
       "the signature is damaged: it is not the base64 of 64 bytes"},
      {"version: 1.2.0", "version: 1/2", "\"version\" must be letters, digits and . - + _"},
  };
  for (const auto& [from, to, message] : cases) {
    std::string text = kWhole;
    text.replace(text.find(from), std::string_view(from).size(), to);
    Issues issues;
    ReadManifest(Parse(text, issues), issues);
    EXPECT_THAT(Messages(issues), ::testing::Contains(HasSubstr(message))) << to;
  }
}

TEST(CatalogTest, FindsAdaptersAndTheirLibrariesDigests) {
  const AdapterFolder folder;
  folder.Write("one", "adapter.yaml", Minimal("one"));
  folder.Write("one", "one.so", "bytes");
  folder.Write("two", "adapter.yaml", Minimal("two"));
  folder.Write("two", "two.so", "");
  folder.Write("empty", "README", "no adapter here");
  Issues issues;
  const Catalog catalog = Catalog::Load({folder.path()}, issues);
  EXPECT_THAT(Messages(issues), IsEmpty());
  ASSERT_EQ(catalog.all().size(), 2u);
  ASSERT_NE(catalog.Find("one"), nullptr);
  EXPECT_EQ(catalog.Find("one")->digest, DigestOf("bytes"));
  EXPECT_EQ(catalog.Find("one")->folder, folder.path() + "/one");
  EXPECT_EQ(catalog.Find("three"), nullptr);
}

TEST(CatalogTest, AnAdapterWithMistakesIsLeftOutAndTheOthersStand) {
  const AdapterFolder folder;
  folder.Write("good", "adapter.yaml", Minimal("good"));
  folder.Write("good", "good.so", "bytes");
  folder.Write("no_library", "adapter.yaml", Minimal("no_library"));
  folder.Write("broken", "adapter.yaml", "name: [\n");
  folder.Write("again", "adapter.yaml", Minimal("good"));
  folder.Write("again", "good.so", "bytes");
  folder.Write("forged", "adapter.yaml", Minimal("forged", "digest: \"sha256:00\"\n"));
  folder.Write("forged", "forged.so", "bytes");
  Issues issues;
  const Catalog catalog = Catalog::Load({folder.path(), folder.path() + "/nowhere"}, issues);
  ASSERT_EQ(catalog.all().size(), 1u);
  EXPECT_EQ(catalog.all()[0].name, "good");
  const std::vector<std::string> messages = Messages(issues);
  for (const char* message : {"its library cannot be read", "two adapters are named \"good\"",
                              "the library forged.so has the digest", "nowhere cannot be read"}) {
    EXPECT_THAT(messages, ::testing::Contains(HasSubstr(message)));
  }
}

TEST(CatalogTest, VersionsStandSideBySideAndTheNewestIsInUseUntilOneIsChosen) {
  const AdapterFolder folder;
  for (const char* version : {"1.2.0", "1.10.0", "1.9.9"}) {
    folder.Write(fmt::format("a-{}", version), "adapter.yaml", Minimal("a"));
    folder.Write(fmt::format("a-{}", version), "a.so", version);
    std::string text = Minimal("a");
    text.replace(text.find("1.0.0"), 5, version);
    folder.Write(fmt::format("a-{}", version), "adapter.yaml", text);
  }
  Issues issues;
  const Catalog catalog = Catalog::Load({folder.path()}, issues);
  EXPECT_THAT(Messages(issues), IsEmpty());
  EXPECT_EQ(catalog.VersionsOf("a"), "1.10.0, 1.9.9, 1.2.0");
  EXPECT_EQ(catalog.Find("a")->version, "1.10.0");
  EXPECT_EQ(catalog.Find("a", "1.9.9")->version, "1.9.9");
  EXPECT_EQ(catalog.Find("a", "2.0.0"), nullptr);
  EXPECT_EQ(catalog.WhyMissing("a", "2.0.0"),
            "version 2.0.0 of the adapter \"a\" is not installed; installed: 1.10.0, 1.9.9, 1.2.0");
  EXPECT_EQ(catalog.WithChosen({{"a", "1.2.0"}}).Find("a")->version, "1.2.0");
  EXPECT_EQ(catalog.WithChosen({{"a", "7.0.0"}}).Find("a")->version, "1.10.0") << "a version that is gone";
}

TEST(CatalogTest, VersionsAreComparedAsPeopleReadThem) {
  const char* ascending[] = {"1.2.0-rc1", "1.2.0-rc2", "1.2.0", "1.2.0.1", "1.9.2", "1.10.0", "2", "10.0"};
  for (size_t a = 0; a < std::size(ascending); ++a) {
    for (size_t b = 0; b < std::size(ascending); ++b) {
      const int order = CompareVersions(ascending[a], ascending[b]);
      EXPECT_EQ(order < 0, a < b) << ascending[a] << " " << ascending[b];
      EXPECT_EQ(order == 0, a == b) << ascending[a] << " " << ascending[b];
    }
  }
}

TEST(OptionsTest, DefaultsAreFilledInAndTheFeedsValuesLaidOverThem) {
  Issues issues;
  const Manifest manifest = ReadManifest(Parse(kWhole, issues), issues);
  EXPECT_THAT(
      Catalog::ResolveOptions(manifest, policy::Node(), issues),
      ElementsAre(Pair("sheet", "1"), Pair("strict", "false"), Pair("mark", ";"), Pair("order", "up")));
  EXPECT_THAT(
      Catalog::ResolveOptions(manifest, Parse("{order: down, sheet: 7, strict: true, mark: \"\"}", issues),
                              issues),
      ElementsAre(Pair("sheet", "7"), Pair("strict", "true"), Pair("mark", ""), Pair("order", "down")));
  EXPECT_THAT(Messages(issues), IsEmpty());
}

TEST(OptionsTest, MistakesAreToldAtTheirPlace) {
  const struct {
    const char* options;
    const char* message;
  } cases[] = {
      {"{sheets: 1}", "adapter.yaml:1:2: adapter tidy has no option \"sheets\""},
      {"{sheet: first}", "adapter.yaml:1:9: option \"sheet\" of adapter tidy must be a whole number"},
      {"{strict: yes}", "option \"strict\" of adapter tidy must be true or false"},
      {"{order: [up]}", "option \"order\" of adapter tidy must be a single value"},
      {"{order: sideways}", "option \"order\" of adapter tidy must be one of: up, down"},
      {"[sheet]", "the options of an adapter must be a map"},
  };
  for (const auto& [options, message] : cases) {
    Issues issues;
    const Manifest manifest = ReadManifest(Parse(kWhole, issues), issues);
    Catalog::ResolveOptions(manifest, Parse(options, issues), issues);
    EXPECT_THAT(Messages(issues), ElementsAre(HasSubstr(message)));
  }
}

}  // namespace
}  // namespace concordat::adapters
