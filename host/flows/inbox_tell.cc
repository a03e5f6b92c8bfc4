// What appears beside a file: the report, the receipt, the rows to mend; and the README.txt of the folder.
#include "fmt/format.h"
#include "host/flows/inbox_job.h"
#include "host/flows/inbox_names.h"
#include "host/flows/submission_views.h"
#include "host/pages/html_report.h"
#include "host/pages/inbox_page.h"
#include "host/pages/members.h"

namespace concordat::flows {
namespace {

constexpr size_t kChunk = 256 * 1024;

InboxFolder::Fill Whole(const std::string& text) {
  return [&text](const auto& append) { return append(text); };
}

InboxFolder::Fill Whole(const Spool& spool) {
  return [&spool](const auto& append) -> absl::Status {
    for (uint64_t offset = 0; offset < spool.bytes();) {
      ASSIGN_OR_RETURN(const std::string chunk, spool.Read(offset, kChunk));
      RETURN_IF_ERROR(append(chunk));
      offset += chunk.size();
    }
    return absl::OkStatus();
  };
}

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t from = 0; from < text.size();) {
    const size_t end = std::min(text.find('\n', from), text.size());
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

std::string InWords(const HostParts& host, const std::string& period) {
  const policy::Partnership& partnership = host.policies->Get()->set->partnership;
  const auto parsed = policy::ParsePeriod(period, partnership.year_start_month, partnership.year_start_day);
  return parsed.ok() ? parsed->InWords() : period;
}

std::string WaitInWords(absl::Duration wait) {
  return fmt::format("{} seconds", std::max<int64_t>(1, absl::ToInt64Seconds(wait)));
}

// The other folders of the same partner, for a file that landed in the wrong one.
std::string OtherFolders(const HostParts& host, const PartnerId& partner, const FeedId& feed) {
  std::string text;
  for (const policy::Feed& other : host.policies->Get()->set->feeds) {
    if (other.partner == partner && other.id != feed) text += (text.empty() ? "" : ", ") + other.id.str();
  }
  return text;
}

}  // namespace

absl::Status FeedInbox::Tell(const InboxFolder& folder, Job& job) {
  return job.entry.submission.empty() ? TellNotTaken(folder, job) : TellJudged(folder, job);
}

absl::Status FeedInbox::TellNotTaken(const InboxFolder& folder, Job& job) {
  pages::NotTaken page;
  page.file = job.name;
  page.feed = feed_.str();
  page.waiting = job.entry.outcome == "waiting" || job.entry.retry != absl::InfiniteFuture();
  page.headline = page.waiting ? "Waiting" : "Not taken in";
  page.why = job.entry.message;
  page.steps = LinesOf(job.entry.steps);
  page.at = TimeText(job.entry.at);
  const std::string html = pages::NotTakenPage(page);
  ASSIGN_OR_RETURN(job.entry.report,
                   folder.Put(job.base, ".report.html", Whole(html), true, table_.written[job.in]));
  return absl::OkStatus();
}

absl::Status FeedInbox::TellJudged(const InboxFolder& folder, Job& job) {
  InboxEntry& entry = job.entry;
  auto& written = table_.written[job.in];
  const SubmissionId id(entry.submission);
  ASSIGN_OR_RETURN(const SubmissionView view, ViewSubmission(host_, CallerOf(), id));
  std::vector<std::string> lines;
  lines.push_back(
      fmt::format("Submission {}, sent by the inbox of feed {} for {}{}.", id.str(), feed_.str(),
                  InWords(host_, entry.period),
                  entry.period_from.empty() ? "" : fmt::format("; the period is {}", entry.period_from)));
  if (!entry.mends.empty()) lines.push_back(fmt::format("The rows of {} mend {}.", job.name, entry.mends));
  if (entry.repeated) {
    lines.push_back(
        fmt::format("The same bytes were put in again ({} on {}): nothing new was stored; this is the first "
                    "result, and its receipt.",
                    job.name, TimeText(entry.at)));
  }
  if (!entry.reason.empty() && !entry.repeated)
    lines.push_back(fmt::format("Reason given: {}", entry.reason));
  const json::Value& records = pages::Member(view.result, "records");
  const uint64_t held = pages::CountOf(records, "quarantined") + pages::CountOf(records, "unreadable");
  const json::Value& could_not = pages::Member(view.result, "couldNotEvaluate");
  const bool readable = !(could_not.is_bool() && could_not.get_bool());
  if (held > 0 && readable) {
    // Values of confidential columns are not masked here: these are the partner's own rows, they go back into
    // the folder that the whole extract came from, and nobody can mend a row that he cannot see.
    ASSIGN_OR_RETURN(const std::unique_ptr<Spool> rows,
                     FindingsFile(host_, CallerOf(), id, "", /*to_mend=*/true));
    ASSIGN_OR_RETURN(const std::string name,
                     folder.Put(job.base, ".to-mend.csv", Whole(*rows), false, written));
    table_.to_mend[job.in.empty() ? name : job.in + "/" + name] = {id.str(), job.base};
    lines.push_back(
        fmt::format("{} records are held back; they stand in {}. Mend them there, leave the columns _record, "
                    "_reasons and _raw as they are, and save it as CSV under the same name: it is sent once "
                    "nobody has saved it for {}.",
                    pages::Grouped(held), name, WaitInWords(settings_.settle * 6)));
  }
  if (entry.outcome == "reject") {
    const std::string others = OtherFolders(host_, partner_, feed_);
    lines.push_back(fmt::format(
        "Nothing of it was stored as data. Mend it and put it in again.{}",
        others.empty() ? "" : " If it is meant for another feed, its folder is one of: " + others));
  }
  const std::string receipt = json::Pretty(view.receipt);
  ASSIGN_OR_RETURN(const std::string receipt_name,
                   folder.Put(job.base, ".receipt.json", Whole(receipt), false, written));
  lines.push_back(fmt::format("Keep {}: it proves what was sent and what became of it.", receipt_name));
  const std::string html = pages::HtmlReport(view.result, {}, pages::NoticeHtml("What happened", lines));
  ASSIGN_OR_RETURN(entry.report, folder.Put(job.base, ".report.html", Whole(html), true, written));
  return absl::OkStatus();
}

absl::Status FeedInbox::WriteReadme(const InboxFolder& folder) {
  const auto policies = host_.policies->Get();
  const policy::Partner* partner = policies->set->FindPartner(partner_);
  const std::string example = PeriodExample();
  // Notepad of older Windows shows no line ends but these.
  std::string text = fmt::format(
      "This folder is the inbox of the feed {}:\n"
      "{} delivers the dataset \"{}\" here.\n\n"
      "PUT YOUR EXTRACT HERE. Its name must contain the period, such as\n"
      "    {} {}.csv\n"
      "or put it into a folder named as the period, such as {}.\n"
      "A file is taken in once nothing has changed it for {} and no program has it open.\n\n"
      "WHAT APPEARS BESIDE IT (for a file NAME)\n"
      "    NAME.report.html   what was found; open it with a double click\n"
      "    NAME.receipt.json  the proof of what was sent; keep it\n"
      "    NAME.to-mend.csv   the rows that were held back, if there are any\n\n"
      "TO MEND ROWS: correct them in NAME.to-mend.csv, leave the columns _record, _reasons and _raw as they "
      "are,\n"
      "and save it under the same name (as CSV). It is sent once it has not been saved for {}.\n\n"
      "TO REPLACE WHAT WAS ACCEPTED: a second file for the same period needs a reason. Make a text file\n"
      "NAME.reason.txt with one sentence, or put it into the name: NAME (because ...).csv\n\n"
      "Nothing here is ever deleted, moved or changed by the host. The same file again does no harm.\n"
      "Whoever can write into this folder acts for {} in this feed.\n",
      feed_.str(), partner == nullptr ? partner_.str() : partner->name, dataset_.str(), dataset_.str(),
      example, example, WaitInWords(settings_.settle), WaitInWords(settings_.settle * 6), partner_.str());
  std::string lines;
  for (const char c : text) lines += c == '\n' ? std::string("\r\n") : std::string(1, c);
  ASSIGN_OR_RETURN(const std::vector<FolderItem> items, folder.List());
  auto& written = table_.written[""];
  for (const FolderItem& item : items) {
    const auto ours = written.find(item.name);
    if (item.name == kInboxReadme && (ours == written.end() || ours->second.stamp != item.stamp))
      return absl::OkStatus();  // somebody's own words
  }
  RETURN_IF_ERROR(folder.Put("README", ".txt", Whole(lines), true, written).status());
  return Save();
}

}  // namespace concordat::flows
