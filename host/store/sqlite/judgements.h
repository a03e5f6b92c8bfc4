// What people said about submissions, in control.db.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/store/sqlite/control.h"
#include "host/store/store.h"

namespace concordat::store {

class SqliteJudgements : public JudgementStore {
 public:
  explicit SqliteJudgements(Control& control) : control_(control) {}

  absl::Status AddAcceptance(const Acceptance& acceptance) override;
  absl::StatusOr<std::vector<Acceptance>> Acceptances(const JudgementFilter& filter) const override;
  absl::Status AddSignOff(const SignOff& sign_off) override;
  absl::StatusOr<std::vector<SignOff>> SignOffs(const JudgementFilter& filter) const override;
  absl::StatusOr<std::optional<SignOff>> StandingSignOff(const FeedId& feed,
                                                         const std::string& period) const override;

 private:
  Control& control_;
};

/// FailedPrecondition while the feed's period is signed off; asked in the transaction that would change it.
absl::Status CheckNotSignedOff(Connection& control, std::string_view feed, std::string_view period);

}  // namespace concordat::store
