// The lower-level door to a service's disk: files in one directory, as POSIX has them. Content is
// durable after `sync` of the file, names after `sync_directory`; a crash forgets the rest. What is
// sent after a sync call waits for it, as it does after a save.
//
//   Disk disk = ctx.disk();
//   disk.write("wal.new", 0, bytes);
//   disk.sync("wal.new"); disk.rename("wal.new", "wal"); disk.sync_directory();
//   ctx.when_synced(WalReplaced{});
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/world/storage.h"

namespace seedbed {

/// The files of one service: what processes see now, and what a crash would leave.
class FileStore : public DurableBase {
 public:
  using Inode = std::uint64_t;
  using Directory = std::map<std::string, Inode, std::less<>>;
  using Contents = std::map<Inode, std::string>;

  FileStore() : DurableBase(nullptr) {}
  std::unique_ptr<DurableBase> clone() const override { return std::make_unique<FileStore>(*this); }
  void apply(Step step, std::uint64_t index) override;
  /// A crash: names and contents go back to what is durable.
  void forget() override;

  Directory names, durable_names;
  Contents contents, durable_contents;
  Inode last_inode = 0;
  Pending<std::string> pending_contents;   // kPut: a file as it was when its sync was called
  Pending<Directory> pending_directories;  // kTruncate stands for the directory's sync
};

class Disk {
 public:
  explicit Disk(Storage& storage);

  bool exists(std::string_view path) const;
  std::vector<std::string> list() const;
  /// The whole file as this process sees it; "" where there is none.
  std::string_view read(std::string_view path) const;
  /// Creates the file where missing; a gap before `offset` reads as zeros.
  void write(std::string_view path, std::uint64_t offset, std::string_view bytes);
  void append(std::string_view path, std::string_view bytes);
  void resize(std::string_view path, std::uint64_t size);
  /// Replaces `to`, atomically. `from` must exist.
  void rename(std::string_view from, std::string_view to);
  void remove(std::string_view path);

  /// Content written so far to `path`, which must exist, becomes durable when the sync ends.
  void sync(std::string_view path);
  /// Names created, renamed and removed so far become durable when the sync ends.
  void sync_directory();

 private:
  std::string& open(std::string_view path);

  Storage& storage_;
  FileStore& files_;
  std::uint32_t store_;
};

}  // namespace seedbed
