// A file of answers that a steward filled in at leisure: YAML or CSV, every value with its place.
//   YAML: {assessment, template, version, items: [{id, level, comment, owner,
//          evidence: [{kind, title, reference, digest, expires}]}]}
//   CSV:  a header of item, level, comment, owner, evidence_kind, evidence_title, evidence_reference,
//         evidence_digest, evidence_expires in any order; other columns are there to be read by people. An
//         item with several pieces of evidence has several rows.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/base/source.h"

namespace concordat::flows {

/// A value as it was written. Empty: not given, which changes nothing.
struct FileText {
  std::string text;
  Place place;

  bool given() const { return !text.empty(); }
};

struct FileEvidence {
  FileText kind;
  FileText title;
  FileText reference;
  FileText digest;
  FileText expires;
  Place place;
};

struct FileItem {
  FileText id;
  FileText level;  // its number or its name
  FileText comment;
  FileText owner;
  std::vector<FileEvidence> evidence;
};

struct AnswerFile {
  FileText assessment;  // those three must agree with what it is imported into, when they are given
  FileText template_id;
  FileText version;
  std::vector<FileItem> items;  // each id once
};

/// What could be read; every mistake goes to `issues`.
AnswerFile ReadAnswerYaml(const std::shared_ptr<const SourceText>& source, Issues& issues);
AnswerFile ReadAnswerCsv(const std::shared_ptr<const SourceText>& source, Issues& issues);

}  // namespace concordat::flows
