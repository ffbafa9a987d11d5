// The store of a campaign: name, format, tables. (campaign/store.h says what they hold)
#ifndef HIGHMEM_CAMPAIGN_SCHEMA_H_
#define HIGHMEM_CAMPAIGN_SCHEMA_H_

namespace highmem {

inline constexpr const char* kCampaignStore = "campaign.db";  // in the campaign's directory
inline constexpr const char* kCampaignFormat = "highmem campaign 1";

inline constexpr const char* kCampaignTables = R"(
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE run(id TEXT PRIMARY KEY, target TEXT NOT NULL, engine TEXT NOT NULL,
  seed INTEGER NOT NULL, version TEXT NOT NULL, begun INTEGER NOT NULL,
  seconds REAL NOT NULL DEFAULT 0, executions INTEGER NOT NULL DEFAULT 0,
  steps INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, status TEXT NOT NULL DEFAULT '');
CREATE TABLE sample(at REAL NOT NULL, executions INTEGER NOT NULL, features INTEGER NOT NULL,
  cells INTEGER NOT NULL, corpus INTEGER NOT NULL, findings INTEGER NOT NULL);
CREATE TABLE cell(name TEXT PRIMARY KEY, hits INTEGER NOT NULL, target TEXT NOT NULL,
  at REAL NOT NULL, trace TEXT NOT NULL);
CREATE TABLE finding(key TEXT PRIMARY KEY, rule TEXT NOT NULL, target TEXT NOT NULL,
  version TEXT NOT NULL, at REAL NOT NULL, times INTEGER NOT NULL, state TEXT NOT NULL,
  raw TEXT NOT NULL, minimized TEXT NOT NULL, report TEXT NOT NULL);
CREATE TABLE seen(source TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
  number INTEGER NOT NULL, PRIMARY KEY(source, kind, name));
)";

}  // namespace highmem

#endif  // HIGHMEM_CAMPAIGN_SCHEMA_H_
