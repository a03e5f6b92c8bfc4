// Our model of ODCS gives the verdicts of the official JSON Schema: on the standard's examples, on a document
// with every key, and on thousands of seeded mutations of them, with ajv as the judge.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <set>

#include "fmt/format.h"
#include "gtest/gtest.h"
#include "host/base/digest.h"
#include "host/base/files.h"
#include "host/policy/odcs_formats.h"
#include "host/policy/odcs_structure.h"
#include "host/policy/reader.h"
#include "tests/host/policy/odcs_mutations.h"

namespace concordat::policy {
namespace {

namespace fs = std::filesystem;

const fs::path kSource = CONCORDAT_SOURCE_DIR;
const fs::path kStandard = kSource / "../shared/conformance/odcs";
const fs::path kSchema = kStandard / "odcs-json-schema-v3.1.0.json";
const fs::path kWork = fs::path(CONCORDAT_BIN_DIR) / "../odcs-judge";

// Sanitizers make reading twenty times slower and see no more in the twentieth thousand of documents.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr size_t kShare = 20;
#else
constexpr size_t kShare = 1;
#endif

bool Run(const std::string& command) { return std::system(command.c_str()) == 0; }

// ajv, ready to judge, in the build folder; false where it cannot be had.
bool JudgeIsReady() {
  static const bool ready = [] {
    fs::create_directories(kWork);
    for (const char* file : {"package.json", "judge.mjs"}) {
      fs::copy_file(kSource / "tests/odcs" / file, kWork / file, fs::copy_options::overwrite_existing);
    }
    if (fs::exists(kWork / "node_modules/yaml") && fs::exists(kWork / "node_modules/ajv-formats"))
      return true;
    return Run(
        fmt::format("cd '{}' && npm install --silent --no-audit --no-fund >npm.log 2>&1", kWork.string()));
  }();
  return ready;
}

std::vector<std::string> LinesOf(const fs::path& file) {
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// One line of the judge for each case: "ok", or "refused: why".
std::vector<std::string> Judge(std::string_view mode, const std::string& files) {
  const fs::path out = kWork / fmt::format("verdicts-{}", getpid());
  const bool ran = Run(fmt::format("node '{}' '{}' {} {} > '{}'", (kWork / "judge.mjs").string(),
                                   kSchema.string(), mode, files, out.string()));
  EXPECT_TRUE(ran) << "the judge did not run";
  std::vector<std::string> lines = LinesOf(out);
  fs::remove(out);
  return lines;
}

std::vector<std::string> JudgeDocuments(const std::vector<std::string>& documents) {
  const fs::path cases = kWork / fmt::format("cases-{}.jsonl", getpid());
  {
    std::ofstream out(cases);
    for (const std::string& document : documents) out << document << '\n';
  }
  std::vector<std::string> verdicts = Judge("json", fmt::format("'{}'", cases.string()));
  fs::remove(cases);
  return verdicts;
}

Node Read(std::string text, Issues& issues, std::string name = "case") {
  return ReadYaml(std::make_shared<SourceText>(SourceText{std::move(name), std::move(text)}), issues);
}

// "ok", or our first error.
std::string OurVerdict(const std::string& document) {
  Issues issues;
  CheckStructure(Read(document, issues), issues);
  for (const Issue& issue : issues.list()) {
    if (issue.severity == IssueSeverity::kError) return issue.place.str() + " " + issue.message;
  }
  return "ok";
}

std::vector<fs::path> Examples() {
  std::vector<fs::path> files = {kSource / "tests/odcs/every_key.odcs.yaml"};
  for (const auto& entry : fs::recursive_directory_iterator(kStandard / "examples")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Keys of all maps below `properties` and words of all `enum` of a JSON Schema.
void CollectWords(const json::Value& schema, std::set<std::string>& keys, std::set<std::string>& words) {
  if (schema.is_array()) {
    for (const json::Value& item : schema.get_array()) CollectWords(item, keys, words);
  }
  if (!schema.is_object()) return;
  for (const auto& member : schema.get_object()) {
    if (member.key() == "properties" && member.value().is_object()) {
      for (const auto& property : member.value().get_object()) keys.emplace(property.key());
    }
    if (member.key() == "enum" && member.value().is_array()) {
      for (const json::Value& word : member.value().get_array()) words.emplace(word.get_string());
    }
    CollectWords(member.value(), keys, words);
  }
}

// The standard's large example has seventy objects of one kind; twelve of them say as much.
void Shorten(json::Value& document) {
  json::Value* schema = document.get_object().if_contains("schema");
  if (schema == nullptr || !schema->is_array()) return;
  while (schema->get_array().size() > 12) schema->get_array().pop_back();
}

Mutator MakeMutator(uint64_t seed) {
  std::vector<json::Value> documents;
  for (const fs::path& file : Examples()) {
    Issues issues;
    documents.push_back(Read(*ReadFile(file.string()), issues).ToJson());
    Shorten(documents.back());
    // Most keys stand in one document only; it is taken as often as all others together.
    if (file.filename() == "every_key.odcs.yaml") documents.insert(documents.end(), 17, documents.back());
  }
  std::set<std::string> keys;
  std::set<std::string> words = {"concordat", "yes", ""};
  CollectWords(*json::Parse(*ReadFile(kSchema.string())), keys, words);
  return Mutator(seed, std::move(documents), {keys.begin(), keys.end()}, {words.begin(), words.end()});
}

size_t NumberFromEnvironment(const char* name, size_t fallback) {
  const char* text = std::getenv(name);
  return text == nullptr ? fallback : std::strtoull(text, nullptr, 10);
}

class OdcsSchema : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(kSchema)) GTEST_SKIP() << "skipped: no ../shared/conformance/odcs beside the checkout";
    if (!JudgeIsReady())
      GTEST_SKIP() << "skipped: node, npm or its packages ajv, ajv-formats, yaml cannot be had here";
  }
};

TEST_F(OdcsSchema, AcceptsTheStandardsExamplesAsAjvDoes) {
  std::string files;
  for (const fs::path& file : Examples()) files += fmt::format(" '{}'", file.string());
  const std::vector<std::string> verdicts = Judge("yaml", files);
  const std::vector<fs::path> examples = Examples();
  ASSERT_EQ(verdicts.size(), examples.size());
  for (size_t i = 0; i < examples.size(); ++i) {
    const json::Value verdict = *json::Parse(verdicts[i]);
    ASSERT_TRUE(json::Find(verdict, "ok")->get_bool()) << examples[i];
    EXPECT_EQ(OurVerdict(*ReadFile(examples[i].string())), "ok") << examples[i];
    Issues issues;
    const Node ours = Read(*ReadFile(examples[i].string()), issues);
    EXPECT_EQ(json::Canonical(ours.ToJson()), json::Canonical(*json::Find(verdict, "document")))
        << examples[i];
  }
}

TEST_F(OdcsSchema, AgreesWithAjvOnSeededMutations) {
  const size_t wanted = NumberFromEnvironment("CONCORDAT_ODCS_MUTATIONS", 6000 / kShare);
  const uint64_t seed = NumberFromEnvironment("CONCORDAT_ODCS_SEED", 20261120);
  Mutator mutator = MakeMutator(seed);
  size_t refused = 0;
  size_t disagreements = 0;
  for (size_t done = 0; done < wanted; done += 2000) {
    std::vector<std::string> documents;
    for (size_t i = 0; i < std::min<size_t>(2000, wanted - done); ++i)
      documents.push_back(json::Compact(mutator.Next()));
    const std::vector<std::string> verdicts = JudgeDocuments(documents);
    ASSERT_EQ(verdicts.size(), documents.size());
    for (size_t i = 0; i < documents.size(); ++i) {
      const std::string ours = OurVerdict(documents[i]);
      refused += verdicts[i] != "ok";
      if ((ours == "ok") == (verdicts[i] == "ok")) continue;
      if (++disagreements <= 10)
        ADD_FAILURE() << "ajv: " << verdicts[i] << "\nwe: " << ours << "\n" << documents[i];
    }
  }
  EXPECT_EQ(disagreements, 0u);
  std::cout << fmt::format("{} mutations (seed {}): {} refused, {} accepted, {} disagreements\n", wanted,
                           seed, refused, wanted - refused, disagreements);
  EXPECT_GT(refused, wanted / 4) << "the mutations break too little";
  EXPECT_GT(wanted - refused, wanted / 10) << "the mutations break too much";
}

using Path = std::vector<size_t>;  // the nth member or item at each level

json::Value& Child(json::Value& value, size_t index) {
  if (value.is_array()) return value.get_array()[index];
  return (value.get_object().begin() + static_cast<std::ptrdiff_t>(index))->value();
}

size_t SizeOf(const json::Value& value) {
  if (value.is_array()) return value.get_array().size();
  return value.is_object() ? value.get_object().size() : 0;
}

void CollectPaths(json::Value& value, const Path& here, std::vector<Path>& paths) {
  for (size_t i = 0; i < SizeOf(value); ++i) {
    paths.push_back(here);
    paths.back().push_back(i);
    CollectPaths(Child(value, i), Path(paths.back()), paths);
  }
}

// Leaves of every list of maps along the path only the one that the path goes through, and of the document
// only the section, so that the many variants are small.
void CutAround(json::Value& document, Path& path) {
  json::Object& root = document.get_object();
  const std::string section((root.begin() + static_cast<std::ptrdiff_t>(path[0]))->key());
  const std::set<std::string> kept = {"apiVersion", "kind", "id", "version", "status", section};
  std::vector<std::string> others;
  for (const auto& member : root) {
    if (!kept.contains(std::string(member.key()))) others.emplace_back(member.key());
  }
  for (const std::string& other : others) root.erase(other);
  path[0] = static_cast<size_t>(root.find(section) - root.begin());
  json::Value* value = &document;
  for (size_t& step : path) {
    if (value->is_array() && value->get_array()[step].is_object()) {
      json::Value only = value->get_array()[step];
      value->get_array() = json::Array{std::move(only)};
      step = 0;
    }
    value = &Child(*value, step);
  }
}

// The document with each value replaced by each odd one, and with each value left out.
std::vector<std::string> VariantsAt(json::Value document, Path path) {
  CutAround(document, path);
  json::Value* parent = &document;
  for (size_t i = 0; i + 1 < path.size(); ++i) parent = &Child(*parent, path[i]);
  std::vector<std::string> variants;
  for (const json::Value& odd : OddValues()) {
    Child(*parent, path.back()) = odd;
    variants.push_back(json::Compact(document));
  }
  if (parent->is_object()) {
    parent->get_object().erase(parent->get_object().begin() + static_cast<std::ptrdiff_t>(path.back()));
  } else {
    parent->get_array().erase(parent->get_array().begin() + static_cast<std::ptrdiff_t>(path.back()));
  }
  variants.push_back(json::Compact(document));
  return variants;
}

void CollectKeys(const json::Value& value, std::set<std::string>& keys) {
  for (size_t i = 0; i < SizeOf(value); ++i) {
    if (value.is_object()) keys.emplace((value.get_object().begin() + static_cast<std::ptrdiff_t>(i))->key());
    CollectKeys(value.is_array() ? value.get_array()[i]
                                 : (value.get_object().begin() + static_cast<std::ptrdiff_t>(i))->value(),
                keys);
  }
}

TEST_F(OdcsSchema, HasNoKeyThatTheDocumentWithEveryKeyLacks) {
  std::set<std::string> wanted, words, found;
  CollectWords(*json::Parse(*ReadFile(kSchema.string())), wanted, words);
  Issues issues;
  CollectKeys(Read(*ReadFile((kSource / "tests/odcs/every_key.odcs.yaml").string()), issues).ToJson(), found);
  for (const std::string& key : wanted) EXPECT_TRUE(found.contains(key)) << key;
}

TEST_F(OdcsSchema, AgreesWithAjvOnEveryKeyWithEveryOddValue) {
  Issues issues;
  json::Value document =
      Read(*ReadFile((kSource / "tests/odcs/every_key.odcs.yaml").string()), issues).ToJson();
  std::vector<Path> paths;
  CollectPaths(document, {}, paths);
  std::set<std::string> distinct;
  for (const Path& path : paths) {
    for (std::string& variant : VariantsAt(document, path)) distinct.insert(std::move(variant));
  }
  std::vector<std::string> documents;
  for (const std::string& variant : distinct) {
    if (static_cast<unsigned char>(Sha256(variant)[0]) % kShare == 0) documents.push_back(variant);
  }
  const std::vector<std::string> verdicts = JudgeDocuments(documents);
  ASSERT_EQ(verdicts.size(), documents.size());
  size_t disagreements = 0;
  for (size_t i = 0; i < documents.size(); ++i) {
    const std::string ours = OurVerdict(documents[i]);
    if ((ours == "ok") == (verdicts[i] == "ok")) continue;
    if (++disagreements <= 10)
      ADD_FAILURE() << "ajv: " << verdicts[i] << "\nwe: " << ours << "\n" << documents[i];
  }
  EXPECT_EQ(disagreements, 0u);
  std::cout << fmt::format("{} documents from {} places\n", documents.size(), paths.size());
}

// Random texts over pieces that such a text is made of, so that many of them are nearly right.
std::string RandomText(std::mt19937_64& random, const std::vector<std::string>& pieces, size_t longest) {
  std::string text;
  for (size_t left = 1 + random() % longest; left > 0; --left) text += pieces[random() % pieces.size()];
  return text;
}

struct FormatCase {
  const char* name;
  const char* before;  // a document around the text
  const char* after;
  std::vector<std::string> openings;  // right so far
  std::vector<std::string> pieces;
};

const std::vector<FormatCase> kFormats = {
    {"uri",
     R"("servers":[{"server":"s","type":"api","location":)",
     "}]",
     {"", "https://", "https:", "a:/", "https://[", "s3://[1:2:3:4:", "x://[::", "u://h:8", "mailto:"},
     {"a", "1", "ff", ":",  "/",       "?",         "#",   "@", "[", "]", "%20", "%2",   ".",
      "-", "+", "~",  "::", "1.2.3.4", "256.1.1.1", "v1.", "é", " ", "'", "|",   "1:2:3"}},
    {"sftp uri",
     R"("servers":[{"server":"s","type":"sftp","location":)",
     "}]",
     {"sftp://", "SFTP://", "sftp:/", "sftp://h/"},
     {"a", "/", ":", "%", "@", "[", "?", " "}},
    {"date",
     R"("team":[{"username":"u","dateIn":)",
     "}]",
     {"", "2024-", "2024-02-", "1900-02-", "2000-02-2"},
     {"0", "1", "2", "9", "-", "29", "30", "31", "12", "00", "T", " ", "٣"}},
    {"date-time",
     R"("contractCreatedTs":)",
     "",
     {"2024-02-29T12:00:00", "2024-02-29 12:00:00", "2024-02-29t23:59:60", "2024-12-31T",
      "2024-02-29\\u00a012:00:00", "2024-12-31T00:59:60", "2024-02-30T12:00:00"},
     {"Z", "z", "+", "-", "01", ":", "00", ".", "5", "23", "59", "60", "24", "30", "05:30", " "}},
    {"id", R"("price":{"id":)", "}", {"", "a"}, {"a", "Z", "0", "-", "_", ".", " ", "é", "/", "\\n"}},
    {"reference",
     R"("schema":[{"name":"o","relationships":[{"from":"a.b","to":)",
     "}]}]",
     {"", "a.", "schema/a/properties/b", "x.yaml#/schema/a", "https://h/x.yaml#schema/", "/s/1"},
     {"a", "_", "1", ".", "/", "-", "#", ".yaml#", "http://", "https://", "b/c", " ", ":"}},
};

TEST_F(OdcsSchema, AgreesWithAjvOnFormats) {
  constexpr size_t kCases = kShare == 1 ? 1500 : 300;
  for (const FormatCase& format : kFormats) {
    std::mt19937_64 random(7);
    std::vector<std::string> documents;
    for (size_t i = 0; i < kCases; ++i) {
      const std::string opening = format.openings[random() % format.openings.size()];
      const std::string text = opening + (random() % 20 == 0 ? "" : RandomText(random, format.pieces, 6));
      documents.push_back(fmt::format(
          R"({{"apiVersion":"v3.1.0","kind":"DataContract","id":"i","version":"1","status":"s",{}"{}"{}}})",
          format.before, text, format.after));
    }
    const std::vector<std::string> verdicts = JudgeDocuments(documents);
    ASSERT_EQ(verdicts.size(), documents.size());
    size_t accepted = 0;
    for (size_t i = 0; i < documents.size(); ++i) {
      accepted += verdicts[i] == "ok";
      EXPECT_EQ(OurVerdict(documents[i]) == "ok", verdicts[i] == "ok")
          << format.name << ": " << documents[i] << verdicts[i];
    }
    EXPECT_GT(accepted, kCases / 100) << format.name;
    EXPECT_LT(accepted, kCases - kCases / 100) << format.name;
  }
}

}  // namespace
}  // namespace concordat::policy
