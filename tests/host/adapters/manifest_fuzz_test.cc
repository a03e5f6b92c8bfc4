// Manifests and libraries that nobody meant: each must come to an answer or to mistakes that can be told,
// soon; what could be signed is afterwards what was signed. CONCORDAT_LONG=1 breaks a hundred times as many.
#include <algorithm>
#include <chrono>
#include <fstream>

#include "fmt/format.h"
#include "gtest/gtest.h"
#include "host/adapters/library_check.h"
#include "host/adapters/trust.h"
#include "host/base/digest.h"
#include "host/base/files.h"
#include "host/policy/reader.h"
#include "tests/fuzz/breaker.h"

namespace concordat::adapters {
namespace {

constexpr char kManifest[] = R"(# A manifest with everything.
name: gauges
version: 1.10.0-rc1
abi: {min: 1, max: 3}
library: gauges.so
description: "Reads gauges: levels"
formats: [txt, csv]
options:
  - {name: sheet, type: integer, default: 1, description: Which.}
  - {name: order, type: words, words: [up, down], default: up, description: Where.}
references:
  - {name: stations, file: lists/stations.csv}
rules:
  - {id: known, description: It is known, dimension: consistency, severity: critical, columns: [a, b], mend: look it up}
dimensions:
  - {name: cover, description: Share}
)";

const Signer& Key() {
  static const Signer key = *Signer::Generate();
  return key;
}

BreakerWords Words() {
  const std::string whole = *SignManifest(kManifest, DigestOf("library"), Key());
  BreakerWords words;
  words.seeds = {kManifest, whole, "name: a\nversion: 1\nabi: {min: 1}\nlibrary: a.so\ndescription: d\n"};
  words.tokens = {":",          ": ",       "- ",        "{",
                  "}",          "[",        "]",         ",",
                  "\n",         "\n  ",     "\t",        "#",
                  "'",          "\"",       "|\n",       ">-\n",
                  "&a ",        "*a",       "!!str ",    "<<: ",
                  "? ",         "---\n",    "...\n",     "~",
                  "null",       "true",     "-1",        "1e999",
                  "signature",  "digest: ", "key: ",     "value:",
                  "manifest: ", "\r\n",     "\xFF",      "../",
                  "/",          "abi: ",    "options: ", "library:",
                  "@",          "0x10",     "\xC3\xA9",  std::string(1, '\0')};
  words.openers = "[{-!?";
  words.most_breaks = 3;
  words.longest = 1 << 14;
  return words;
}

void ExpectTellable(const Issues& issues, const SourceText& source) {
  const int64_t lines = 1 + std::count(source.text.begin(), source.text.end(), '\n');
  for (const Issue& issue : issues.list()) {
    ASSERT_FALSE(issue.code.empty());
    ASSERT_FALSE(issue.message.empty());
    ASSERT_LE(issue.place.line, lines) << issue.message;
    ASSERT_FALSE(RenderIssue(issue).empty());
  }
}

// What is taken can stand in names of files and be passed on; true when it was taken.
bool Read(const std::string& text, const TrustRules& rules) {
  const auto source = std::make_shared<const SourceText>(SourceText{"adapter.yaml", text});
  Issues issues;
  const policy::Node document = policy::ReadYaml(source, issues);
  if (document.present()) {
    Manifest manifest = ReadManifest(document, issues);
    if (!issues.has_errors()) {
      EXPECT_TRUE(IsVersion(manifest.version)) << manifest.version;
      EXPECT_EQ(manifest.library.find('/'), std::string::npos);
      EXPECT_EQ(CompareVersions(manifest.version, manifest.version), 0);
      manifest.folder = "/nonexistent";
      JudgeTrust(manifest, DigestOf("library"), rules, document, issues);
      // Nobody but the key's owner can have signed: taken is only what says what was signed.
      const bool taken = !issues.has_errors() && manifest.trust == Trust::kSigned;
      EXPECT_TRUE(!taken ||
                  VerifyEd25519(Key().PublicKey(), manifest.signable, manifest.signature.value).ok());
    }
  }
  ExpectTellable(issues, *source);
  return !issues.has_errors();
}

TEST(ManifestFuzzTest, BrokenManifestsAreReadOrRefusedInWords) {
  TrustRules rules;
  rules.anyone = true;
  rules.keys = {{"key.pub", KeyId(Key().PublicKey()), Key().PublicKey()}};
  for (const std::string& seed : Words().seeds) EXPECT_TRUE(Read(seed, rules)) << seed;
  Breaker breaker(6, Words());
  const size_t rounds = Rounds(1500);
  size_t understood = 0;
  for (size_t round = 0; round < rounds; ++round) {
    const std::string text = breaker.Next();
    const auto start = std::chrono::steady_clock::now();
    if (Read(text, rules)) ++understood;
    ASSERT_FALSE(HasFatalFailure()) << "round " << round << ": " << text;
    ASSERT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30)) << "round " << round;
  }
  EXPECT_GT(understood, rounds / 200) << "some of them must mean something";
}

TEST(ManifestFuzzTest, WhatCouldBeSignedIsWhatWasSigned) {
  Breaker breaker(8, Words());
  size_t taken = 0;
  const std::string digest = DigestOf("another library");
  for (size_t round = 0, rounds = Rounds(600); round < rounds; ++round) {
    const std::string text = breaker.Next();
    const auto written = SignManifest(text, digest, Key());
    if (!written.ok()) continue;
    ++taken;
    Issues issues;
    const policy::Node document =
        policy::ReadYaml(std::make_shared<const SourceText>(SourceText{"a", *written}), issues);
    const Manifest manifest = ReadManifest(document, issues);
    ASSERT_EQ(manifest.digest, digest) << text;
    ASSERT_TRUE(VerifyEd25519(Key().PublicKey(), manifest.signable, manifest.signature.value).ok())
        << *written;
    ASSERT_EQ(DigestOf(manifest.signable), manifest.signature.manifest);
  }
  EXPECT_GT(taken, 3u);
}

TEST(ManifestFuzzTest, BrokenLibrariesAreToldFromTheirBytesAlone) {
  const std::string library = *ReadFile(fmt::format("{}/obedient/obedient.so", CONCORDAT_BROKEN_ADAPTER_DIR));
  BreakerWords words;
  words.seeds = {library.substr(0, 4096), library};
  words.tokens = {std::string(8, '\xFF'), std::string(8, '\0'),
                  std::string("\x7F"
                              "ELF",
                              4),
                  std::string(1, '\x40')};
  words.openers = "\x7F";
  words.longest = library.size() + 64;
  Breaker breaker(9, std::move(words));
  for (size_t round = 0, rounds = Rounds(300); round < rounds; ++round) {
    const std::string why = WhyNoAdapter(breaker.Next(), "x.so");
    EXPECT_TRUE(why.empty() || why.rfind("its library", 0) == 0) << why;
  }
}

}  // namespace
}  // namespace concordat::adapters
