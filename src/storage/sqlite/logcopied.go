package sqlite

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"os"
)

// Of a write-ahead log: https://sqlite.org/fileformat2.html#walformat
const frameHeaderBytes = 24

// logIsCopied reports whether a database's file has every page of a write-ahead log as it is there.
// Whatever file it is, SQLite then changes nothing of it by applying the log. Programs that copy
// the log, and leave it where it is, leave it like this.
func logIsCopied(database *os.File, logPath string) (bool, error) {
	log, err := os.Open(logPath)
	if err != nil {
		return false, err
	}
	defer log.Close()
	header := make([]byte, walHeaderBytes)
	if _, err := io.ReadFull(log, header); err != nil {
		return false, err
	}
	const magic, littleEndian = 0x377f0682, 1 // the last bit says how checksums are made
	pageSize := int64(binary.BigEndian.Uint32(header[8:]))
	if binary.BigEndian.Uint32(header)&^littleEndian != magic || pageSize < 512 || pageSize > 65536 {
		return false, nil
	}
	frames, pages, err := committedFrames(log, header[16:24], pageSize)
	if err != nil {
		return false, err
	}
	info, err := database.Stat()
	if err != nil || len(frames) == 0 || info.Size() != pages*pageSize {
		return false, err
	}
	inLog, inFile := make([]byte, pageSize), make([]byte, pageSize)
	for page, offset := range frames {
		if page > pages { // the database has become smaller since
			continue
		}
		if _, err := log.ReadAt(inLog, offset); err != nil {
			return false, err
		}
		if _, err := database.ReadAt(inFile, (page-1)*pageSize); err != nil {
			return false, err
		}
		if !bytes.Equal(inLog, inFile) {
			return false, nil
		}
	}
	return true, nil
}

// committedFrames returns where the log has the newest content of each page, and how many pages the
// database has. Frames of an earlier log, which have another salt, follow those of this one.
func committedFrames(log io.ReaderAt, salt []byte, pageSize int64) (frames map[int64]int64, pages int64, err error) {
	frames, begun := make(map[int64]int64), make(map[int64]int64)
	header := make([]byte, frameHeaderBytes)
	for at := int64(walHeaderBytes); ; at += frameHeaderBytes + pageSize {
		if _, err := log.ReadAt(header, at); errors.Is(err, io.EOF) {
			return frames, pages, nil
		} else if err != nil {
			return nil, 0, err
		}
		if !bytes.Equal(header[8:16], salt) {
			return frames, pages, nil
		}
		begun[int64(binary.BigEndian.Uint32(header))] = at + frameHeaderBytes
		if committed := binary.BigEndian.Uint32(header[4:]); committed > 0 {
			pages = int64(committed)
			for page, offset := range begun {
				frames[page] = offset
			}
			clear(begun)
		}
	}
}
