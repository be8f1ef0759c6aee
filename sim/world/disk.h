// The lower-level door to a service's disk: files in one directory, as POSIX has them. Content is
// durable after `sync` of the file, names after `sync_directory`; of the rest a crash leaves
// nothing, or, where it tears (`disk.torn`), any of it: see file_store.h. What is sent after a sync
// call waits for it, as it does after a save.
//
// Errors: a read that fails returns nothing at all; a write that finds the disk full returns false
// and has written nothing (to overwrite needs no room). A sync that fails drops what was not
// durable, in what the process sees, too, and is told as `SyncFailed`. What a read returns may have
// rotted: only a checksum tells (see journal.h).
//
//   Disk disk = ctx.disk();
//   if (!disk.write("wal.new", 0, bytes)) return;                  // full
//   disk.sync("wal.new"); disk.rename("wal.new", "wal"); disk.sync_directory();
//   ctx.when_synced(WalReplaced{});
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/rng.h"
#include "sim/world/file_store.h"
#include "sim/world/storage.h"

namespace seedbed {

/// What is wrong with a disk at the moment.
struct DiskCondition {
  bool full = false;
  Probability read_error;
  std::uint64_t bits = 0;  // for the draws: a function of when
};

class Disk {
 public:
  explicit Disk(Storage& storage, const DiskCondition& condition = {});

  bool exists(std::string_view path) const { return files_.names().contains(path); }
  std::vector<std::string> list() const;
  /// The whole file as this process sees it, "" where there is none; nullopt: it cannot be read.
  /// Valid until the file changes.
  std::optional<std::string_view> read(std::string_view path) const;
  /// Creates the file where missing; a gap before `offset` reads as zeros.
  bool write(std::string_view path, std::uint64_t offset, std::string_view bytes);
  bool append(std::string_view path, std::string_view bytes);
  bool resize(std::string_view path, std::uint64_t size);
  /// Replaces `to`, atomically. `from` must exist.
  void rename(std::string_view from, std::string_view to);
  void remove(std::string_view path) { files_.remove(path); }

  /// Content written so far to `path`, which must exist, becomes durable when the sync ends.
  void sync(std::string_view path);
  /// Names created, renamed and removed so far become durable when the sync ends.
  void sync_directory();

 private:
  std::uint64_t size(std::string_view path) const;
  bool change(std::string_view path, FileStore::Change change);

  Storage& storage_;
  FileStore& files_;
  std::uint32_t store_;
  DiskCondition condition_;
};

}  // namespace seedbed
