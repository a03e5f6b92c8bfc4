// What a file in an inbox is for: a submission that it mends, or a period, and with which reason.
#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/flows/due.h"
#include "host/flows/inbox_job.h"
#include "host/flows/inbox_names.h"
#include "host/flows/inbox_period.h"

namespace concordat::flows {
namespace {

constexpr size_t kLongestReason = 8 * 1024;

std::string Joined(const std::vector<policy::Period>& periods) {
  std::vector<std::string> ids;
  for (const policy::Period& period : periods) ids.push_back(period.id);
  return fmt::format("{}", fmt::join(ids, " and "));
}

}  // namespace

bool FeedInbox::FindMended(Job& job) {
  const std::string of = *FileMendedBy(job.name);
  job.base = of;
  std::string id;
  const std::string prefix = job.in.empty() ? "" : job.in + "/";
  if (const auto exact = table_.to_mend.find(job.path); exact != table_.to_mend.end()) {
    id = exact->second.submission;
  } else {
    // A copy under another name: the newest that the partner's file has to mend.
    store::SubmissionStore::Filter filter;
    filter.feed = feed_;
    filter.brief = true;
    const auto attempts = host_.store->List(filter);
    if (!attempts.ok()) return RefuseStatus(job, attempts.status()), false;
    for (const store::Attempt& attempt : *attempts) {
      if (attempt.source_name != of || (attempt.state != "current" && attempt.state != "rejected")) continue;
      id = attempt.id.str();
      break;
    }
  }
  if (id.empty()) {
    Refuse(
        job, fmt::format("its name says that it mends {}, and no submission of that name waits for it", of),
        {fmt::format(
             "A file with mended rows begins with the name of the file that was sent: {}.to-mend.csv for {}.",
             of, of),
         "If it is a whole extract, take \"to-mend\" or \"mended\" out of its name."});
    return false;
  }
  job.request.mends = SubmissionId(id);
  job.entry.mends = id;
  const absl::StatusOr<store::Attempt> base = host_.store->Get(job.request.mends);
  if (!base.ok()) return RefuseStatus(job, base.status()), false;
  job.entry.period = base->period;
  if (job.before && job.before->digest == job.entry.digest && job.before->mends == id &&
      !job.before->submission.empty() && job.before->outcome != "reject") {
    job.entry.submission = job.before->submission;  // saved again without a change
    job.entry.outcome = job.before->outcome;
    job.entry.repeated = true;
    job.entry.phase = InboxEntry::Phase::kJudged;
    return false;
  }
  if (base->state != "current" && base->state != "rejected") {
    std::vector<std::string> steps = {"Nothing needs to be done if that was meant."};
    for (const auto& [path, one] : table_.to_mend) {
      const auto newer = host_.store->Get(SubmissionId(one.submission));
      if (one.of == of && newer.ok() && newer->state == "current" && FolderOf(path) == job.in)
        steps = {
            fmt::format("What is still held back stands in {}: mend it there.", path.substr(prefix.size()))};
    }
    Refuse(job, fmt::format("it mends {}, which is {} already", id, base->state), steps);
    return false;
  }
  return true;
}

std::string FeedInbox::PeriodExample() const {
  const auto policies = host_.policies->Get();
  const policy::Feed* feed = policies->set->FindFeed(feed_);
  if (feed == nullptr || !feed->schedule) return "2019-01";
  const policy::Partnership& partnership = policies->set->partnership;
  const int64_t today = absl::ToUnixSeconds(host_.clock->Now()) / 86400;
  const auto running = policy::PeriodContaining(today, feed->schedule->every, partnership.year_start_month,
                                                partnership.year_start_day);
  if (!running.ok()) return "2019-01";
  const auto ended = policy::PeriodContaining(running->from - 1, feed->schedule->every,
                                              partnership.year_start_month, partnership.year_start_day);
  std::string id = ended.ok() ? ended->id : running->id;
  std::replace(id.begin(), id.end(), '/', '-');  // no name of a file has one
  const size_t quarter = id.find("-Q");
  if (quarter != std::string::npos) id[quarter] = ' ';
  return id;
}

std::vector<std::string> FeedInbox::PeriodSteps() const {
  const std::string example = PeriodExample();
  return {fmt::format("Rename the file so that its name has the period once, such as \"{} {}.csv\".",
                      dataset_.str(), example),
          fmt::format("Or put it into a folder named as the period: {}", example)};
}

bool FeedInbox::FindPeriod(Job& job) {
  const auto policies = host_.policies->Get();
  const policy::Feed* feed = policies->set->FindFeed(feed_);
  if (feed == nullptr) {
    Refuse(job, fmt::format("the feed {} is no longer in the policies", feed_.str()),
           {"Ask the administrator."});
    return false;
  }
  const auto every = feed->schedule ? std::optional(feed->schedule->every) : std::nullopt;
  const policy::Partnership& partnership = policies->set->partnership;
  const NamedPeriods in_name = PeriodsInName(NameForPeriod(job.name), every, partnership);
  const NamedPeriods in_folder = PeriodsInName(job.in, every, partnership);
  if (in_name.fitting.size() > 1) {
    Refuse(job, fmt::format("its name has more than one period: {}", Joined(in_name.fitting)), PeriodSteps());
    return false;
  }
  const bool named = in_name.fitting.size() == 1;
  const bool in_period_folder = in_folder.fitting.size() == 1;
  if (named && in_period_folder && in_name.fitting[0] != in_folder.fitting[0]) {
    Refuse(job,
           fmt::format("its name says {} and its folder {}", in_name.fitting[0].id, in_folder.fitting[0].id),
           {"Put it into the folder of its period, or correct its name."});
    return false;
  }
  if (!named && !in_period_folder) return FindDuePeriod(in_name.others, job);
  const policy::Period& period = named ? in_name.fitting[0] : in_folder.fitting[0];
  job.entry.period = job.request.period = period.id;
  job.entry.period_from = named ? "from the file's name" : "from the folder's name";
  return true;
}

// The only one that is owed, unless the name speaks of other days.
bool FeedInbox::FindDuePeriod(const std::vector<policy::Period>& others, Job& job) {
  const auto items = ListDue(host_, partner_);
  if (!items.ok()) return RefuseStatus(job, items.status()), false;
  std::vector<policy::Period> owed;
  for (const DueItem& item : *items) {
    if (item.feed == feed_ && item.owed) owed.push_back(item.period);
  }
  std::string why = "its name does not say for which period it is";
  if (owed.size() == 1) {
    for (const policy::Period& other : others) {
      const bool export_day = other.from == other.to && other.from > owed[0].to;
      if (!export_day)
        why = fmt::format("its name says {}, which is no period of this feed, and {} is owed", other.id,
                          owed[0].id);
      if (!export_day) owed.clear();
      if (owed.empty()) break;
    }
  }
  if (owed.size() == 1) {
    job.entry.period = job.request.period = owed[0].id;
    job.entry.period_from = "the only one that is owed";
    return true;
  }
  if (owed.size() > 1) why += fmt::format(", and {} are owed", Joined(owed));
  Refuse(job, why, PeriodSteps());
  return false;
}

bool FeedInbox::FindReason(const InboxFolder& folder, Job& job) {
  job.request.reason = ReasonInName(job.name);
  for (const std::string& name : ReasonNames(job.name)) {
    const absl::StatusOr<FileDescriptor> fd = folder.OpenFile(name);
    if (!fd.ok()) continue;
    const absl::StatusOr<FileStamp> stamp = StampOf(fd->get());
    const absl::StatusOr<std::string> text = folder.ReadSmall(name, kLongestReason);
    if (!stamp.ok() || !text.ok()) continue;
    job.entry.reason_stamp = ReasonStampText(name, *stamp);
    // One that served an earlier file is no reason for this one.
    const bool used = job.before && !job.before->submission.empty() && !job.before->reason.empty() &&
                      job.before->reason_stamp == job.entry.reason_stamp &&
                      job.before->digest != job.entry.digest;
    if (!used && job.request.reason.empty()) job.request.reason = OneLine(*text);
    break;
  }
  job.entry.reason = job.request.reason;
  return true;
}

bool FeedInbox::MayReplace(Job& job) {
  job.request.caller = CallerOf();
  job.request.feed = feed_;
  const absl::StatusOr<policy::Period> period = AdmitSubmission(host_, job.request);
  if (!period.ok()) return RefuseStatus(job, period.status()), false;
  job.entry.period = period->id;
  const auto current = host_.store->Current(feed_, period->id);
  if (!current.ok()) return RefuseStatus(job, current.status()), false;
  if (!*current || !job.request.reason.empty()) return true;
  const store::Attempt& there = **current;
  const bool same = there.source_digest == job.entry.digest;
  if (same && there.policy_digest == host_.policies->Get()->set->digest) return true;
  Refuse(
      job,
      same ? fmt::format(
                 "{} was sent before ({}), and the policies have changed since: it would be judged anew and "
                 "replace that, which needs a reason",
                 job.name, there.id.str())
           : fmt::format(
                 "{} already has submission {} ({} records accepted from {} on {}), and this file would "
                 "replace it, which needs a reason",
                 period->id, there.id.str(), there.accepted, there.source_name, TimeText(there.received)),
      {fmt::format("Make a text file beside it, named {}.reason.txt, and write in one sentence why it "
                   "replaces the other.",
                   job.name),
       fmt::format("Or put the reason into the name: \"{} (because ...).csv\".", NameForPeriod(job.name)),
       "To mend only the rows that were held back, mend the to-mend file instead.",
       "If it is meant for another period, correct its name."});
  job.entry.wants_reason = true;
  return false;
}

}  // namespace concordat::flows
