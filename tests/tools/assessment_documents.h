// Documents as AssessmentService answers them, small enough to be read.
#pragma once

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "host/base/json.h"

namespace concordat::cli {

/// Two themes, four questions: one overstated, one carried over, one open and mandatory, one not asked.
inline json::Value SmallAssessment() {
  return *json::Parse(R"json({
"id": "A-0123456789abcdef", "template": "dq", "version": "1", "title": "Data quality", "partner": "constabulary",
"partnerName": "Derwent Constabulary", "group": null, "subject": null, "cycle": "2026/27", "state": "open", "due": "2026-12-20",
"daysLeft": 29, "answered": 2, "items": 3, "completion": 0.66, "mandatoryOpen": ["named_lead"], "missingEvidence": [],
"level": null, "target": 3, "status": null, "why": "not everything is answered", "signedOff": null, "moderation": null,
"started": "2026-11-02T09:00:00Z", "startedBy": "spiffe://derwent.example/partner/constabulary/steward/pat",
"scale": [{"level": 1, "name": "below minimum", "description": "absent", "colour": "red"},
          {"level": 2, "name": "at minimum", "description": "adequate", "colour": "amber"},
          {"level": 3, "name": "above minimum", "description": "consistent", "colour": "green"}],
"themes": [
 {"id": "systems", "title": "Systems and processes", "level": 2, "target": 3, "why": "floor of the mean 2.5", "answered": 2, "asked": 2, "items": [
  {"id": "right_first_time", "question": "Is data right first time, rather than cleaned later?", "guidance": "Compare with what was held back.",
   "why": "Mending costs more.", "anchors": {"1": "Cleaned by hand", "3": "Right at entry"}, "mandatory": true, "applies": true, "asked": true,
   "owner": "sam", "target": 3, "claimed": 3, "standing": 3, "moderated": null, "comment": "spot checks", "by": "spiffe://derwent.example/partner/constabulary/steward/pat",
   "at": "2026-11-20T10:00:00Z", "carriedOver": null, "reviewNeeded": false,
   "evidence": {"value": 0.71, "level": 1, "basis": "first-time pass rate 71%", "observations": 20, "stretches": []},
   "measured": [{"value": 0.71, "level": 1, "basis": "first-time pass rate 71%", "observations": 20, "stretches": []}],
   "attached": [{"id": "E-1", "kind": "document", "title": "audit.pdf", "reference": "audit.pdf", "expires": "2026-10-01", "expired": true, "withdrawn": null},
                {"id": "E-2", "kind": "link", "title": "wrong", "reference": "wrong", "expires": null, "expired": false, "withdrawn": {"reason": "wrong"}}],
   "comments": [{"by": "sam", "at": "2026-11-19T09:00:00Z", "text": "ask IT"}],
   "assurance": "overstated", "gap": 2, "ageDays": 12, "message": "level 3 claimed; first-time pass rate 71% supports level 1", "action": null},
  {"id": "backup", "question": "Has a restore been tried?", "guidance": "", "why": "", "anchors": {}, "mandatory": false, "applies": true, "asked": true,
   "claimed": 2, "standing": 2, "comment": "in May", "carriedOver": {"level": 2, "comment": "in May", "cycle": "2025/26", "by": "sam", "at": "2025-11-20T10:00:00Z"},
   "reviewNeeded": true, "evidence": null, "measured": [], "attached": [], "comments": [], "assurance": "not_bound", "gap": 0, "message": "nothing is measured"}]},
 {"id": "governance", "title": "Governance", "level": null, "target": 3, "why": "not all answered", "answered": 0, "asked": 1, "items": [
  {"id": "named_lead", "question": "Does one senior person answer for data quality?", "guidance": "A name, not a committee.", "why": "", "anchors": {},
   "mandatory": true, "applies": true, "asked": true, "claimed": null, "standing": null, "comment": null, "carriedOver": null, "reviewNeeded": false,
   "evidence": null, "measured": [], "attached": [], "comments": [], "assurance": "not_bound", "gap": 0, "message": ""},
  {"id": "planned", "question": "Is there a plan?", "guidance": "", "why": "", "anchors": {}, "mandatory": false, "applies": true, "asked": false,
   "notAskedBecause": "asked when named_lead is at least 2", "claimed": null, "standing": null, "carriedOver": null, "reviewNeeded": false,
   "evidence": null, "measured": [], "attached": [], "comments": [], "assurance": "not_bound", "gap": 0, "message": ""}]}],
"counts": {"supported": 0, "understated": 0, "overstated": 1, "unevidenced": 0, "stale": 0, "not_bound": 1},
"gaps": [{"item": "right_first_time", "question": "Is data right first time, rather than cleaned later?", "theme": "systems", "assurance": "overstated", "gap": 2, "ageDays": 12,
          "message": "level 3 claimed; first-time pass rate 71% supports level 1"}],
"actions": [{"id": "ACT-2", "item": "backup", "title": "Try a restore", "owner": "pat", "due": "2027-01-31", "daysLate": 0, "state": "open"},
            {"id": "ACT-1", "item": "right_first_time", "title": "Lookup at entry", "owner": "sam", "resource": "5 days", "due": "2026-11-01", "daysLate": 20, "state": "open"}],
"receipt": null})json");
}

/// Three groups, two stages: one agreed red, one contested; two partners with names, one of them overdue.
inline json::Value SmallView() {
  return *json::Parse(R"json({
"template": "chain", "version": "1", "title": "Delivery chain", "cycle": "2026/27", "subject": "Fewer repeat incidents", "named": true, "asOf": "2026-11-21T12:00:00Z",
"scale": [{"level": 0, "name": "red", "colour": "red"}, {"level": 1, "name": "amber", "colour": "amber"}, {"level": 2, "name": "green", "colour": "green"}],
"themes": [{"id": "aim", "title": "What is to be reached"}, {"id": "means", "title": "What it takes"}],
"rows": [{"partner": "constabulary", "partnerName": "Derwent Constabulary", "group": "officers", "state": "submitted", "level": 0, "completion": 1.0, "themes": {"aim": 0, "means": 2}, "status": null, "counts": {"overstated": 1}, "overdueActions": 2, "you": true},
         {"partner": "council", "partnerName": "Council", "group": null, "state": "open", "level": null, "completion": 0.5, "themes": {"aim": 1}, "status": null, "counts": {}, "overdueActions": 0, "you": false}],
"spread": {"themes": {"aim": {"0": 1, "1": 1}, "means": {"2": 1}}, "level": {"0": 1}, "partners": 2},
"gaps": {"supported": 3, "understated": 0, "overstated": 1, "unevidenced": 2, "stale": 1, "not_bound": 0},
"cycles": [{"cycle": "2025/26", "mean": {"aim": 1.0, "means": 1.5}, "level": {}}, {"cycle": "2026/27", "mean": {"aim": 0.5, "means": 2.0}, "level": {}}],
"actions": {"open": 2, "overdue": 2, "closed": 1},
"agreement": {"groups": ["officers", "residents", "board"], "stages": [
  {"item": "outcome", "question": "Is the outcome clear?", "ratings": {"officers": 0, "residents": 0, "board": 0}, "distance": 0, "exact": true, "agreedRed": true, "contested": false},
  {"item": "money", "question": "Is there money?", "ratings": {"officers": 2, "residents": 0, "board": null}, "distance": 2, "exact": false, "agreedRed": false, "contested": true}],
  "exactShare": 1.0, "meanDistance": 0.0, "kappa": null, "ratedByAll": 1}})json");
}

/// The same template in two cycles: one theme worse, one better.
inline json::Value SmallComparison() {
  return *json::Parse(R"json({
"template": "dq", "columns": [{"assessment": "A-1", "partner": "constabulary", "partnerName": "Derwent Constabulary", "group": null, "cycle": "2025/26", "version": "1", "state": "published"},
                              {"assessment": "A-2", "partner": "constabulary", "partnerName": "Derwent Constabulary", "group": null, "cycle": "2026/27", "version": "1", "state": "open"}],
"themes": [{"id": "systems", "title": "Systems and processes", "levels": [3, 2]}, {"id": "governance", "title": "Governance", "levels": [1, 3]}],
"items": [{"id": "right_first_time", "question": "Is data right first time?", "theme": "systems", "levels": [3, null], "evidence": [1, 1], "assurance": ["overstated", "not_bound"], "changed": true}],
"level": [1, 2], "agreement": null})json");
}

inline std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

inline bool Holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace concordat::cli
