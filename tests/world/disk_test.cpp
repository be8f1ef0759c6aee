#include "sim/world/disk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace seedbed {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// What a sync that ends does.
void finish_sync(Storage& storage) {
  storage.begin_sync();
  storage.apply(storage.syncing_writes());
  storage.end_sync().clear();
}
void crash(Storage& storage) {
  storage.forget([](Payload) {});
}

TEST(Disk, ReadsWhatWasWritten) {
  Storage storage;
  Disk disk(storage);
  disk.write("a", 2, "xy");
  disk.append("a", "z");
  EXPECT_EQ(*disk.read("a"), std::string_view("\0\0xyz", 5));
  disk.resize("a", 3);
  EXPECT_EQ(*disk.read("a"), std::string_view("\0\0x", 3));
  EXPECT_EQ(*disk.read("b"), "");
  EXPECT_FALSE(disk.exists("b"));
}

TEST(Disk, ACrashForgetsContentThatWasNotSynced) {
  Storage storage;
  Disk disk(storage);
  disk.write("a", 0, "old");
  disk.sync("a");
  disk.sync_directory();
  finish_sync(storage);
  disk.write("a", 0, "new");
  crash(storage);
  EXPECT_EQ(*disk.read("a"), "old");
}

TEST(Disk, ASyncCoversWhatWasWrittenBeforeItWasCalled) {
  Storage storage;
  Disk disk(storage);
  disk.write("a", 0, "one");
  disk.sync("a");
  disk.sync_directory();
  disk.append("a", "two");
  finish_sync(storage);
  crash(storage);
  EXPECT_EQ(*disk.read("a"), "one");
}

TEST(Disk, ANameIsDurableOnlyAfterItsDirectoryIsSynced) {
  Storage storage;
  Disk disk(storage);
  disk.write("a", 0, "text");
  disk.sync("a");
  finish_sync(storage);
  crash(storage);
  EXPECT_THAT(disk.list(), IsEmpty());
}

TEST(Disk, ARenameIsAllOrNothing) {
  Storage storage;
  Disk disk(storage);
  disk.write("wal", 0, "old");
  disk.sync("wal");
  disk.sync_directory();
  finish_sync(storage);
  disk.write("wal.new", 0, "new");
  disk.sync("wal.new");
  disk.rename("wal.new", "wal");
  EXPECT_EQ(*disk.read("wal"), "new");
  finish_sync(storage);
  Storage crashed_before = storage;
  crash(crashed_before);
  EXPECT_EQ(*Disk(crashed_before).read("wal"), "old");
  disk.sync_directory();
  finish_sync(storage);
  crash(storage);
  EXPECT_EQ(*disk.read("wal"), "new");
  EXPECT_THAT(disk.list(), ElementsAre("wal"));
}

TEST(Disk, SyncOfAMissingFileIsAnAssertion) {
  Storage storage;
  Disk disk(storage);
  EXPECT_THROW(disk.sync("a"), AssertionFailed);
  EXPECT_THROW(disk.rename("a", "b"), AssertionFailed);
}

}  // namespace
}  // namespace seedbed
