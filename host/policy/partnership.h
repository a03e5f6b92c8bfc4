// Kinds Partnership and Partner: who works together.
#pragma once

#include <string>
#include <vector>

#include "host/base/ids.h"
#include "host/policy/fields.h"

namespace concordat::policy {

/// The group of organisations that one host serves.
struct Partnership {
  std::string id;
  std::string name;
  std::string trust_domain;  // of SPIFFE IDs
  int year_start_month = 4;  // financial year; 1 April unless said
  int year_start_day = 1;
  std::string
      confidence_template;  // the self-assessment that confidence grades look at; empty: the newest of any
  Place place;
};

struct Contact {
  std::string role;
  std::string post;
  std::string email;
};

/// One organisation in it.
struct Partner {
  PartnerId id;
  std::string name;
  std::string sector;  // public | private | voluntary
  std::string
      category;  // what self-assessments tell partners apart by (police, council ...); its sector unless said
  std::vector<Contact> contacts;
  Place place;
};

Partnership ReadPartnership(const Node& document, Issues& issues);
Partner ReadPartner(const Node& document, Issues& issues);

}  // namespace concordat::policy
