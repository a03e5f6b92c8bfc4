// What the name of a file in an inbox says by itself.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::flows {

inline constexpr std::string_view kInboxReadme = "README.txt";
/// How the inbox of a feed is named as a sender: followed by the feed's id.
inline constexpr std::string_view kInboxSender = "inbox:";

/// Hidden ones, Thumbs.db, desktop.ini: nobody's extract.
bool IsSystemName(std::string_view name);
/// A program is still writing it, or holds its lock: ~$x.xlsx, x.part, x.filepart, x.tmp, x.crdownload ...
bool IsPartialName(std::string_view name);
/// What the host writes beside files: reports, receipts, README.txt.
bool IsResultName(std::string_view name);
/// x.csv.reason.txt, however often Windows added .txt.
bool IsReasonName(std::string_view name);
/// The names under which the reason for `name` may stand, the likeliest first.
std::vector<std::string> ReasonNames(const std::string& name);
/// The names of lock files that office programs put beside an open `name`.
std::vector<std::string> OfficeLocks(const std::string& name);
/// "June was missing" of "spend 2019-01 (because June was missing).csv".
std::string ReasonInName(std::string_view name);
/// The name without ending and without a reason.
std::string NameForPeriod(std::string_view name);
/// "x.csv" of "x.csv.to-mend.csv", "x.csv.to-mend-2 (1).csv" and "x.csv.mended.csv"; nothing for other names.
std::optional<std::string> FileMendedBy(std::string_view name);
/// Text as Notepad saves it (UTF-8, UTF-16 or Windows-1252) as one line of UTF-8, without blanks around it.
std::string OneLine(std::string_view bytes);

}  // namespace concordat::flows
