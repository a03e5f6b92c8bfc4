// Who vouches for an adapter: each way of being refused has its own words, and what is trusted is exactly
// that.
#include "host/adapters/trust.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/adapters/manifest.h"
#include "host/base/digest.h"
#include "host/base/files.h"

namespace concordat::adapters {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kText[] = R"(# Reads the levels of the river.
name: gauges   # as in the feeds
version: 1.0.0
abi: {min: 1, max: 1}
library: gauges.so

# What the steward reads.
description: Reads gauges.
)";

class TrustTest : public ::testing::Test {
 protected:
  TrustTest() {
    std::string name = (std::filesystem::temp_directory_path() / "concordat-trust-XXXXXX").string();
    root_ = mkdtemp(name.data());
    Write("gauges/adapter.yaml", kText);
    Write("gauges/gauges.so", "the library");
  }
  ~TrustTest() override { std::filesystem::remove_all(root_); }

  void Write(const std::string& file, const std::string& content) const {
    std::filesystem::create_directories((root_ / file).parent_path());
    std::ofstream(root_ / file, std::ios::binary) << content;
    Mode((root_ / file).parent_path().string(), 0755);
    Mode((root_ / file).string(), 0644);
  }
  std::string Read(const std::string& file) const { return *ReadFile((root_ / file).string()); }
  void Mode(const std::string& path, unsigned mode) const { ASSERT_EQ(chmod(path.c_str(), mode), 0); }
  void Sign(const Signer& signer) const {
    const auto text = SignManifest(Read("gauges/adapter.yaml"), DigestOf(Read("gauges/gauges.so")), signer);
    ASSERT_TRUE(text.ok()) << text.status();
    Write("gauges/adapter.yaml", *text);
  }
  // In the signed manifest.
  void Replace(const std::string& what, const std::string& with) const {
    std::string text = Read("gauges/adapter.yaml");
    ASSERT_NE(text.find(what), std::string::npos) << text;
    text.replace(text.find(what), what.size(), with);
    Write("gauges/adapter.yaml", text);
  }
  TrustRules Rules() const {
    TrustRules rules;
    rules.keys.push_back({"council.pub", KeyId(ours_.PublicKey()), ours_.PublicKey()});
    return rules;
  }
  /// "code: message (hint)" of the one issue, or "" when the adapter is taken.
  std::string Refusal(const TrustRules& rules) const {
    Issues issues;
    const Catalog catalog = Catalog::Load({root_.string()}, rules, issues);
    EXPECT_EQ(catalog.all().empty(), issues.has_errors());
    EXPECT_EQ(catalog.refused().size(), issues.error_count());
    if (!issues.has_errors()) return "";
    const Issue& issue = issues.list().front();
    EXPECT_THAT(catalog.refused().front().why, HasSubstr(issue.message));
    EXPECT_THAT(catalog.WhyMissing("gauges", ""), HasSubstr("was refused: "));
    return fmt::format("{}: {} ({})", issue.code, issue.message, issue.hint);
  }
  Trust TrustOf(const TrustRules& rules) const {
    Issues issues;
    const Catalog catalog = Catalog::Load({root_.string()}, rules, issues);
    for (const Issue& issue : issues.list()) ADD_FAILURE() << RenderIssue(issue);
    return catalog.all().empty() ? Trust::kNobody : catalog.all().front().trust;
  }

  std::filesystem::path root_;
  const Signer ours_ = *Signer::Generate();
  const Signer theirs_ = *Signer::Generate();
};

TEST_F(TrustTest, ASignedAdapterIsTakenAndItsKeyIsNamed) {
  Sign(ours_);
  TrustRules rules = Rules();
  rules.keys.insert(rules.keys.begin(), {"region.pub", KeyId(theirs_.PublicKey()), theirs_.PublicKey()});
  Issues issues;
  const Catalog catalog = Catalog::Load({root_.string()}, rules, issues);
  ASSERT_EQ(catalog.all().size(), 1u);
  EXPECT_EQ(catalog.all()[0].trust, Trust::kSigned);
  EXPECT_EQ(catalog.all()[0].trusted_by, "council.pub");
  EXPECT_EQ(catalog.all()[0].digest, DigestOf("the library"));
}

TEST_F(TrustTest, SigningTouchesNoOtherLineAndSigningAgainReplaces) {
  Sign(ours_);
  const std::string once = Read("gauges/adapter.yaml");
  EXPECT_EQ(once.substr(0, std::string_view(kText).size()), kText);
  EXPECT_THAT(once, AllOf(HasSubstr("\ndigest: \"" + DigestOf("the library")),
                          HasSubstr(fmt::format("\nsignature:\n  key: \"{}\"\n", KeyId(ours_.PublicKey())))));
  Sign(ours_);
  EXPECT_EQ(Read("gauges/adapter.yaml"), once);
  Write("gauges/gauges.so", "a newer library");
  Sign(theirs_);
  const std::string again = Read("gauges/adapter.yaml");
  EXPECT_EQ(std::count(again.begin(), again.end(), '\n'), std::count(once.begin(), once.end(), '\n'));
  EXPECT_EQ(again.substr(0, std::string_view(kText).size()), kText);
  EXPECT_THAT(again, HasSubstr(KeyId(theirs_.PublicKey())));
}

TEST_F(TrustTest, AManifestInOnePieceCannotBeSignedLineByLine) {
  const auto text = SignManifest("{name: a, version: 1.0.0}\n", DigestOf(""), ours_);
  EXPECT_TRUE(absl::IsInvalidArgument(text.status())) << text.status();
}

TEST_F(TrustTest, EveryRefusalHasItsOwnWords) {
  Sign(ours_);
  const std::string good = Read("gauges/adapter.yaml");
  const size_t value = good.find("  value: \"") + 10;
  const struct {
    const char* what;
    std::function<void()> spoil;
    const char* refusal;
  } cases[] = {
      {"unsigned", [&] { Write("gauges/adapter.yaml", kText); },
       "unsigned: adapter gauges is not signed, and lies outside the program's own folder"},
      {"no digest", [&] { Replace("digest: \"" + DigestOf("the library") + "\"\n", ""); },
       "no-digest: adapter gauges is signed, but its manifest has no \"digest\": any library would pass"},
      {"another library", [&] { Write("gauges/gauges.so", "evil"); },
       "not the one that stands here: it was changed after it was signed"},
      {"digest follows the library",
       [&] {
         Write("gauges/gauges.so", "evil");
         Replace(DigestOf("the library"), DigestOf("evil"));
       },
       "changed-manifest: adapter.yaml of gauges was changed after it was signed"},
      {"another manifest", [&] { Replace("Reads gauges.", "Reads everything."); },
       "changed-manifest: adapter.yaml of gauges was changed after it was signed"},
      {"manifest and its digest follow",
       [&] {
         // What somebody without the key can do at most.
         Sign(theirs_);
         Replace(KeyId(theirs_.PublicKey()), KeyId(ours_.PublicKey()));
       },
       "bad-signature: the signature of adapter gauges is not one of the key"},
      {"a bit of the signature",
       [&] {
         std::string text = good;
         text[value] = text[value] == 'A' ? 'B' : 'A';
         Write("gauges/adapter.yaml", text);
       },
       "bad-signature: the signature of adapter gauges is not one of the key"},
      {"half a signature", [&] { Write("gauges/adapter.yaml", good.substr(0, value + 8) + "\"\n"); },
       "bad-signature: the signature is damaged"},
      {"a stranger's key", [&] { Sign(theirs_); }, "unknown-key: adapter gauges is signed with the key"},
      {"a library that the group may write", [&] { Mode((root_ / "gauges/gauges.so").string(), 0664); },
       "gauges.so can be changed by its whole group"},
      {"a manifest that all may write", [&] { Mode((root_ / "gauges/adapter.yaml").string(), 0646); },
       "can be changed by everybody on this machine"},
      {"a folder that all may write", [&] { Mode((root_ / "gauges").string(), 01777); }, "chmod go-w"},
  };
  for (const auto& [what, spoil, refusal] : cases) {
    SCOPED_TRACE(what);
    Write("gauges/adapter.yaml", good);
    Write("gauges/gauges.so", "the library");
    EXPECT_EQ(Refusal(Rules()), "");
    spoil();
    EXPECT_THAT(Refusal(Rules()), HasSubstr(refusal));
  }
}

TEST_F(TrustTest, ANumberIsSignedAsItIsWritten) {
  for (const auto& [before, after] :
       {std::pair("1.10", "1.1"), {"1.0", "1"}, {"2.00", "2.0"}, {"0x10", "16"}}) {
    std::string text = kText;
    text.replace(text.find("1.0.0"), 5, before);
    Write("gauges/adapter.yaml", text);
    Sign(ours_);
    EXPECT_EQ(Refusal(Rules()), "") << before;
    Replace(fmt::format("version: {}\n", before).c_str(), fmt::format("version: \"{}\"\n", before).c_str());
    EXPECT_EQ(Refusal(Rules()), "") << "quoted it says the same";
    Replace(fmt::format("version: \"{}\"", before).c_str(), fmt::format("version: {}", after).c_str());
    EXPECT_THAT(Refusal(Rules()), HasSubstr("changed-manifest")) << before << " became " << after;
  }
}

TEST_F(TrustTest, AnUnsignedOneIsTakenByNameOnly) {
  TrustRules rules = Rules();
  rules.unsigned_names = {"gauge", "levels"};
  EXPECT_THAT(Refusal(rules), HasSubstr("unsigned: "));
  rules.unsigned_names = {"gauges"};
  EXPECT_EQ(TrustOf(rules), Trust::kUnsigned);
  Sign(theirs_);
  EXPECT_EQ(TrustOf(rules), Trust::kUnsigned) << "signed with a key that nobody here knows";
  Replace("Reads gauges.", "Reads everything.");
  EXPECT_THAT(Refusal(rules), HasSubstr("changed-manifest")) << "a name is no leave to tamper";
}

TEST_F(TrustTest, TheProgramsOwnFolderIsTrustedWhileNobodyElseCanWriteThere) {
  TrustRules rules = Rules();
  rules.own_folder = root_.string() + "/";
  EXPECT_EQ(TrustOf(rules), Trust::kOwn);
  Mode(root_.string(), 0775);
  EXPECT_THAT(Refusal(rules), HasSubstr(fmt::format("chmod go-w {}", root_.string())));
  Mode(root_.string(), 0755);
  Replace("name: gauges", "digest: \"" + DigestOf("another") + "\"\nname: gauges");
  EXPECT_THAT(Refusal(rules), HasSubstr("wrong-digest")) << "its manifest still has to be right";
  rules.own_folder = root_.string() + "/gauges";
  EXPECT_NE(Refusal(rules), "");
}

TEST_F(TrustTest, WhoStoresNothingTakesWhatNobodyVouchesFor) {
  TrustRules rules;
  rules.anyone = true;
  EXPECT_EQ(TrustOf(rules), Trust::kNobody);
  Mode((root_ / "gauges").string(), 0777);
  EXPECT_EQ(TrustOf(rules), Trust::kNobody);
  Sign(ours_);
  EXPECT_EQ(TrustOf(rules), Trust::kNobody);
  rules.keys = Rules().keys;
  EXPECT_EQ(TrustOf(rules), Trust::kSigned);
}

TEST_F(TrustTest, AKeyIsReadFromPemAndAPrivateOneIsRefused) {
  Write("k.pub", ours_.PublicPem());
  const auto key = ReadTrustedKey((root_ / "k.pub").string());
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->public_key, ours_.PublicKey());
  EXPECT_EQ(key->id, KeyId(ours_.PublicKey()));
  EXPECT_EQ(key->id.size(), 16u);
  Write("k.pem", ours_.ToPem());
  EXPECT_THAT(std::string(MessageOf(ReadTrustedKey((root_ / "k.pem").string()).status())),
              HasSubstr("is a private key: it belongs to whoever signs adapters, never to the host"));
  Write("noise", "x");
  EXPECT_THAT(std::string(MessageOf(ReadTrustedKey((root_ / "noise").string()).status())),
              HasSubstr("is no Ed25519 public key in PEM"));
  EXPECT_FALSE(ReadTrustedKey((root_ / "nowhere").string()).ok());
}

}  // namespace
}  // namespace concordat::adapters
