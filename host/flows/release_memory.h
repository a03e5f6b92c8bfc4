// What left before: releases of the same figures to the same party, to be compared with the next one.
#pragma once

#include <string>
#include <vector>

#include "host/flows/row_source.h"

namespace concordat::flows {

/// Which table a share of an aggregate gives: its keys, where they come from, and which records it counts.
/// Shares that give the same table, under whatever protocol, have the same text.
std::string FiguresOf(const policy::SharingProtocol& protocol, const policy::Share& share);

/// Oldest first, of the share's window (P13M unless it says otherwise), to the partner of the job's request.
/// DataLoss when one of them cannot be opened: without it nothing can be compared.
absl::StatusOr<std::vector<sharing::EarlierTable>> EarlierReleases(const ReleaseJob& job,
                                                                   const std::string& figures);

/// Durable when it returns; before that none of the figures may leave.
absl::Status RememberRelease(const ReleaseJob& job, const std::string& receipt,
                             const ReleaseFigures& figures);

}  // namespace concordat::flows
