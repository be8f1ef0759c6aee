// The files of one service in one directory, as POSIX has them: what the process sees, what lies on
// the platter, and each change between the two. A change reaches the platter when a sync that was
// called after it ends. Before that a crash may leave any of it: each sector as it was after some
// number of the changes to it, each file's size and the directory likewise. Directory operations
// keep their order and are whole (a metadata journal); nothing else keeps an order.
//
//   store.change(inode, {.offset = 0, .bytes = "new"});   // the cache
//   store.tear(bits);                                     // a part of it is on the platter, ...
//   store.forget();                                       // ... and the crash leaves that
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/world/storage.h"

namespace seedbed {

class FileStore : public DurableBase {
 public:
  using Inode = std::uint64_t;
  using Directory = std::map<std::string, Inode, std::less<>>;

  /// Bytes at an offset, or a new size.
  struct Change {
    std::uint64_t offset = 0;
    std::string bytes;
    bool resizes = false;  // to `offset`
    void apply(std::string& content) const;
  };

  FileStore() : DurableBase(nullptr) {}
  std::unique_ptr<DurableBase> clone() const override { return std::make_unique<FileStore>(*this); }

  const Directory& names() const { return names_; }
  const std::string& content(Inode inode) const { return files_.find(inode)->second.content; }
  /// The file of this name, made where there is none.
  Inode open(std::string_view path);
  void change(Inode inode, Change change);
  /// What the process sees of the directory from now on.
  void rename(std::string_view from, std::string_view to);
  void remove(std::string_view path);

  /// What has changed so far becomes durable with the next write (kPut: a file; kTruncate: the
  /// directory). Returns the bytes that are to be written.
  std::uint64_t sync(Inode inode);
  void sync_directory();

  void apply(Step step, std::uint64_t index) override;
  std::string apply_astray(Step step, std::uint64_t index, std::uint64_t bits) override;
  void tear(std::uint64_t bits) override;
  void forget() override;
  std::uint64_t places() const override;
  void rot(std::uint64_t place, std::uint64_t bits) override;
  void overwrite(std::uint64_t place, std::string_view bytes) override;

  std::uint32_t sector = 512;  // what the disk writes whole

 private:
  struct File {
    std::string content;  // as the process sees it
    std::string durable;  // on the platter
    std::vector<Change> unsynced;
    std::uint64_t synced = 0;  // changes that came before those
  };
  struct Place {
    Inode inode = 0;
    std::uint64_t sector = 0;
  };

  void directory_changed() { later_names_.push_back(names_); }
  bool is_named(Inode inode) const;
  void drop_nameless();
  void tear(File& file, std::uint64_t bits) const;
  std::uint64_t sectors(std::uint64_t size) const { return (size + sector - 1) / sector; }
  Place find(std::uint64_t place) const;

  Directory names_;
  Directory durable_names_;
  std::vector<Directory> later_names_;  // after each operation that is not durable
  std::uint64_t synced_names_ = 0;      // operations that came before those
  std::map<Inode, File> files_;
  Inode last_inode_ = 0;
  Pending<std::uint64_t> sync_marks_;       // how many changes of the file a sync covers, ...
  Pending<std::uint64_t> directory_marks_;  // ... and operations on the directory
};

}  // namespace seedbed
