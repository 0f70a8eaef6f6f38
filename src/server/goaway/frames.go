package goaway

// RFC 9113, sections 4.1 and 6.
const (
	frameHeaderLength = 9

	typeHeaders      = 0x1
	typePushPromise  = 0x5
	typeGoAway       = 0x7
	typeContinuation = 0x9

	flagEndHeaders = 0x4
)

// announcement is a GOAWAY frame without an error whose last stream is the highest that there can
// be.
var announcement = []byte{0, 0, 8, typeGoAway, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0}

// frames tells where in a server's HTTP/2 stream another frame may be put.
type frames struct {
	header  [frameHeaderLength]byte
	had     int // bytes of header
	payload int // bytes that the frame under way still lacks, once its header is complete

	// begun once there was a frame: the first one has to be SETTINGS.
	begun bool
	// headerBlock is open: only its continuation may follow.
	headerBlock bool
	// goneAway once the server itself sent GOAWAY: another one must not name a higher stream.
	goneAway bool
}

// gap says whether another frame may follow what was written so far.
func (f *frames) gap() bool {
	return f.begun && f.had == 0 && !f.headerBlock && !f.goneAway
}

// follow takes note of what is written.
func (f *frames) follow(p []byte) {
	for len(p) > 0 {
		p = p[f.next(p):]
	}
}

// followToGap is follow for p up to the first gap in it, or all of it if there is none. It returns
// where that is.
func (f *frames) followToGap(p []byte) int {
	n := 0
	for n < len(p) {
		n += f.next(p[n:])
		if f.gap() {
			break
		}
	}
	return n
}

// next follows p, which is not empty, up to the end of the frame under way and returns how many
// bytes that are.
func (f *frames) next(p []byte) int {
	n := 0
	if f.had < frameHeaderLength {
		n = copy(f.header[f.had:], p)
		f.had += n
		if f.had < frameHeaderLength {
			return n
		}
		f.payload = int(f.header[0])<<16 | int(f.header[1])<<8 | int(f.header[2])
	}
	rest := min(f.payload, len(p)-n)
	f.payload -= rest
	if f.payload == 0 {
		f.end()
	}
	return n + rest
}

func (f *frames) end() {
	f.had, f.begun = 0, true
	switch kind, flags := f.header[3], f.header[4]; kind {
	case typeHeaders, typePushPromise, typeContinuation:
		f.headerBlock = flags&flagEndHeaders == 0
	case typeGoAway:
		f.goneAway = true
	}
}
