#include "host/store/sqlite/releases.h"

namespace concordat::store {

absl::Status SqliteReleases::RememberRelease(const RememberedRelease& release) {
  return control_.Write([&](Connection& control) {
    return control
        .Prepare(
            "INSERT INTO releases (receipt, recipient, dataset, figures, time, sealed) VALUES (?, ?, ?, ?, "
            "?, ?)")
        .Bind(release.receipt)
        .Bind(release.recipient.str())
        .Bind(release.dataset.str())
        .Bind(release.table)
        .Bind(release.time)
        .BindBytes(release.sealed)
        .Run();
  });
}

absl::StatusOr<std::vector<RememberedRelease>> SqliteReleases::Releases(const PartnerId& recipient,
                                                                        const DatasetId& dataset,
                                                                        const std::string& table,
                                                                        absl::Time since) const {
  return control_.Read([&](Connection& control) -> absl::StatusOr<std::vector<RememberedRelease>> {
    std::vector<RememberedRelease> releases;
    Query query = control.Prepare(
        "SELECT receipt, time, sealed FROM releases WHERE recipient = ? AND dataset = ? AND figures = ? AND "
        "time >= ?"
        " ORDER BY sequence");
    query.Bind(recipient.str()).Bind(dataset.str()).Bind(table).Bind(since);
    while (true) {
      ASSIGN_OR_RETURN(const bool more, query.Next());
      if (!more) return releases;
      RememberedRelease release{query.String(0), recipient, dataset, table, {}, query.String(2)};
      ASSIGN_OR_RETURN(release.time, query.Time(1));
      releases.push_back(std::move(release));
    }
  });
}

absl::Status SqliteReleases::BeginTransfer(const OpenTransfer& transfer) {
  return control_.Write([&](Connection& control) {
    return control.Prepare("INSERT INTO open_transfers (receipt, draft) VALUES (?, ?)")
        .Bind(transfer.receipt)
        .Bind(json::Compact(transfer.draft))
        .Run();
  });
}

absl::Status SqliteReleases::EndTransfer(const std::string& receipt) {
  return control_.Write([&](Connection& control) {
    return control.Prepare("DELETE FROM open_transfers WHERE receipt = ?").Bind(receipt).Run();
  });
}

absl::StatusOr<std::vector<OpenTransfer>> SqliteReleases::OpenTransfers() const {
  return control_.Read([&](Connection& control) -> absl::StatusOr<std::vector<OpenTransfer>> {
    std::vector<OpenTransfer> transfers;
    Query query = control.Prepare("SELECT receipt, draft FROM open_transfers ORDER BY sequence");
    while (true) {
      ASSIGN_OR_RETURN(const bool more, query.Next());
      if (!more) return transfers;
      OpenTransfer transfer;
      transfer.receipt = query.String(0);
      ASSIGN_OR_RETURN(transfer.draft, json::Parse(query.Text(1)));
      transfers.push_back(std::move(transfer));
    }
  });
}

}  // namespace concordat::store
