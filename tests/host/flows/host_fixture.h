// A host's parts over a real store and a real log, and the people who call: for tests of flows.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "host/flows/host_parts.h"
#include "tests/contracts/store_fixture.h"

namespace concordat::flows {

inline Caller CallerOf(const std::string& partner, const std::string& role, const std::string& name) {
  Caller caller;
  caller.partner = PartnerId(partner);
  caller.role = role;
  caller.name = name;
  caller.spiffe_id = fmt::format("spiffe://derwent.example/partner/{}/{}/{}", partner, role, name);
  return caller;
}

inline Caller Administrator() {
  Caller caller;
  caller.role = "administrator";
  caller.spiffe_id = "unix:0";
  caller.administrator = true;
  return caller;
}

class HostFixture : public testing::Test {
 protected:
  explicit HostFixture(std::string_view now) : clock_(*ParseTime(now)) {}

  /// Opens everything with these policies.
  void OpenHost(const std::string& policies = CONCORDAT_SOURCE_DIR "/policies") {
    Adopt(policies);
    store_ = *store::OpenSqliteStore(folder_.path() + "/store", std::string(32, 'k'));
    log_ =
        *audit::Log::Open(folder_.path() + "/audit", "derwent.example/concordat", *audit::Signer::Generate());
    host_.clock = &clock_;
    host_.store = store_.get();
    host_.log = log_.get();
    host_.turns = &turns_;
    host_.facts = &facts_;
    host_.host_name = "derwent.example/concordat";
    host_.data_dir = folder_.path();
  }

  /// Policies that take the place of those in force.
  void Adopt(const std::string& policies) {
    Issues issues;
    auto loaded = LoadPolicies(policies, nullptr, issues);
    for (const Issue& issue : issues.list())
      EXPECT_NE(issue.severity, IssueSeverity::kError) << RenderIssue(issue);
    ASSERT_NE(loaded, nullptr);
    policies_ = std::make_unique<PolicyHolder>(std::move(loaded));
    host_.policies = policies_.get();
  }

  const store::TemporaryFolder folder_;
  FixedClock clock_;
  std::unique_ptr<PolicyHolder> policies_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<audit::Log> log_;
  Turns turns_;
  FactsCache facts_;
  HostParts host_;
};

}  // namespace concordat::flows
