#include "host/identity/spiffe_id.h"

#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace concordat::identity {
namespace {

using testing::HasSubstr;

constexpr char kSteward[] = "spiffe://derwent.example/partner/constabulary/steward/j.okoro";

TEST(SpiffeId, ReadsAllItsParts) {
  const auto id = ParseSpiffeId(kSteward);
  ASSERT_TRUE(id.ok()) << id.status();
  EXPECT_EQ(id->trust_domain, "derwent.example");
  EXPECT_EQ(id->partner, PartnerId("constabulary"));
  EXPECT_EQ(id->role, "steward");
  EXPECT_EQ(id->name, "j.okoro");
  EXPECT_FALSE(id->administrator());
  EXPECT_EQ(id->str(), kSteward);
}

TEST(SpiffeId, KnowsEveryRoleAndOnlyThose) {
  for (const std::string_view role : kRoles) {
    const std::string partner = role == "administrator" ? "host" : "county-council";
    const std::string text = "spiffe://a/partner/" + partner + "/" + std::string(role) + "/n";
    const auto id = ParseSpiffeId(text);
    ASSERT_TRUE(id.ok()) << id.status();
    EXPECT_EQ(id->str(), text);
  }
  for (const char* role : {"", "Steward", "root", "stewards", "admin"}) {
    EXPECT_FALSE(ParseSpiffeId("spiffe://a/partner/p/" + std::string(role) + "/n").ok()) << role;
  }
}

TEST(SpiffeId, TheAdministratorIsTheHostsAndNoOneElse) {
  EXPECT_TRUE(ParseSpiffeId("spiffe://a/partner/host/administrator/root")->administrator());
  EXPECT_FALSE(ParseSpiffeId("spiffe://a/partner/constabulary/administrator/root").ok());
  EXPECT_FALSE(ParseSpiffeId("spiffe://a/partner/host/steward/root").ok());
}

TEST(SpiffeId, WhatIsOtherwiseWrittenIsRefused) {
  const std::string long_name(3000, 'n');
  for (const std::string& text : {std::string(),
                                  std::string("spiffe://"),
                                  std::string("spiffe://a"),
                                  std::string("spiffe://a/host"),
                                  std::string("https://a/partner/p/steward/n"),
                                  std::string("SPIFFE://a/partner/p/steward/n"),
                                  std::string("spiffe:///partner/p/steward/n"),
                                  std::string("spiffe://A/partner/p/steward/n"),
                                  std::string("spiffe://a:443/partner/p/steward/n"),
                                  std::string("spiffe://u@a/partner/p/steward/n"),
                                  std::string("spiffe://a/partner/p/steward/n/"),
                                  std::string("spiffe://a//partner/p/steward/n"),
                                  std::string("spiffe://a/partner/p/steward"),
                                  std::string("spiffe://a/partner/p/steward/n/more"),
                                  std::string("spiffe://a/partners/p/steward/n"),
                                  std::string("spiffe://a/partner//steward/n"),
                                  std::string("spiffe://a/partner/./steward/n"),
                                  std::string("spiffe://a/partner/../steward/n"),
                                  std::string("spiffe://a/partner/p/steward/.."),
                                  std::string("spiffe://a/partner/p/steward/n?q"),
                                  std::string("spiffe://a/partner/p/steward/n#f"),
                                  std::string("spiffe://a/partner/p/steward/%6e"),
                                  std::string("spiffe://a/partner/p/steward/n n"),
                                  std::string("spiffe://a/partner/p/steward/n\n"),
                                  std::string("spiffe://a/partner/p/steward/n\0", 32),
                                  std::string("spiffe://a/partner/p/steward/\xC3\xA9"),
                                  std::string(" spiffe://a/partner/p/steward/n"),
                                  "spiffe://a/partner/p/steward/" + long_name,
                                  "spiffe://" + std::string(256, 'a') + "/partner/p/steward/n"}) {
    EXPECT_EQ(ParseSpiffeId(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(SpiffeId, SaysWhatIsWrongAndHowItIsWritten) {
  const std::string message(MessageOf(ParseSpiffeId("spiffe://a/partner/p/boss/n").status()));
  EXPECT_THAT(message, HasSubstr("\"boss\" is not a role; roles are steward, analyst"));
  EXPECT_THAT(message, HasSubstr("spiffe://<trust domain>/partner/<partner>/<role>/<name>"));
}

TEST(SpiffeId, WhateverIsReadIsWrittenTheSame) {
  std::mt19937 random(3);
  const std::string text = kSteward;
  for (int i = 0; i < 50000; ++i) {
    std::string mutated = text;
    for (unsigned edits = 1 + random() % 3; edits > 0; --edits) {
      const size_t at = random() % mutated.size();
      switch (random() % 3) {
        case 0: mutated[at] = static_cast<char>(random() % 256); break;
        case 1: mutated.erase(at, random() % 8); break;
        default: mutated.insert(at, text.substr(random() % text.size(), random() % 12)); break;
      }
      if (mutated.empty()) mutated += '/';
    }
    const auto id = ParseSpiffeId(mutated);
    if (!id.ok()) continue;
    EXPECT_EQ(id->str(), mutated);
  }
}

TEST(TrustDomain, IsSmallAndShort) {
  for (const char* good : {"derwent.example", "a", "a-b_c.d", "10.0.0.1"}) {
    EXPECT_TRUE(CheckTrustDomain(good).ok()) << good;
  }
  for (const char* bad : {"", "Derwent", "a b", "a/b", "a:1", "\xC3\xA9"}) {
    EXPECT_FALSE(CheckTrustDomain(bad).ok()) << bad;
  }
}

}  // namespace
}  // namespace concordat::identity
