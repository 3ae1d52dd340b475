"""What the machine holds: packages, the parts of them that are taken, and what of the book goes with them."""


def _words(text):
    return text.split()


SUITE = "bookworm"
KERNEL = "linux-image-6.1.0-50-686"
PACKAGES = (
    KERNEL, "seabios",
    *("bash", "busybox", "procps", "strace", "netbase", "ncurses-base"),
    *("python3.11-minimal", "libpython3.11-minimal", "libpython3.11-stdlib"),
    *("libc6", "libc-bin", "libgcc-s1", "libcrypt1", "zlib1g", "libexpat1", "libffi8", "liblzma5", "libuuid1"),
    *("libtinfo6", "libncursesw6", "libreadline8", "libdb5.3"),
    *("libproc2-0", "libcap2", "libunwind8"),
    "libssl3",  # not in the image: see image.later
    "libelogind0",  # all that ps asks of libsystemd, at a tenth of the size
    "base-files", "gcc-12-base",  # the texts of licences: see notices.py
)
NPM = {"v86": "0.5.462", "@xterm/xterm": "6.0.0", "@xterm/addon-fit": "0.11.0"}

PYTHON = "python3.11"
PROGRAMS = (f"usr/bin/{PYTHON}", "bin/bash", "bin/busybox", "bin/ps", "usr/bin/pgrep", "usr/bin/strace")
LINKS = {"python3": PYTHON, "python": PYTHON, "sh": "bash", "pkill": "pgrep"}
BUSYBOX = _words("""
    awk base64 basename cat chmod chown clear cmp cp cut date dd df diff dirname dmesg du echo env expr false find
    free grep gzip head hexdump hostname id insmod install ip kill killall less ln ls lsof md5sum mkdir mkfifo mknod
    mktemp more mount mv nc netstat nice nl nohup nproc od paste pidof poweroff printf pstree pwd readlink realpath
    renice reset rev rm rmdir sed seq setsid sha256sum sleep sort split stat strings stty sync sysctl tac tail tar
    tee telnet time timeout top touch tr true truncate tty umount uname uniq uptime usleep vi watch wc wget which
    who whoami xargs xxd yes
""")
MODULES = ("drivers/net/veth.ko",)  # below kernel/, in the order in which they load
FILES = ("etc/protocols", "etc/services")
FOLDERS = ("usr/lib/locale/C.utf8",)
TERMINFO = ("lib/terminfo/x/xterm-256color", "lib/terminfo/l/linux", "lib/terminfo/d/dumb")

# Of Python's library: what no script of the book and no reader of it asks for
NOT_IN_STDLIB = _words("""
    __phello__ _aix_support.py _bootsubprocess.py _osx_support.py _pydecimal.py _pyio.py
    _sysconfigdata__linux_i386-linux-gnu.py aifc.py audioop.py cProfile.py cgi.py cgitb.py chunk.py compileall.py
    config-3.11-i386-linux-gnu cookiejar.py crypt.py curses dbm distutils doctest.py ensurepip filecmp.py
    fileinput.py idlelib imaplib.py imghdr.py lib2to3 macholib mailbox.py mailcap.py modulefinder.py msilib netrc.py
    nntplib.py nturl2path.py optparse.py pickletools.py pipes.py plistlib.py profile.py pstats.py pyclbr.py
    pydoc_data sitecustomize.py smtpd.py sndhdr.py sqlite3 ssl.py sunau.py symtable.py tabnanny.py telnetlib.py test
    tkinter tomllib trace.py turtle.py turtledemo uu.py venv wave.py webbrowser.py wsgiref xdrlib.py xml
    xmlrpc zipapp.py zoneinfo
""")
NOT_IN_DYNLOAD = _words("""
    _bz2 _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _crypt _curses _curses_panel _dbm _elementtree
    _hashlib _lsprof _sqlite3 _ssl _testbuffer _testcapi _testclinic _testimportmultiple _testinternalcapi
    _testmultiphase _tkinter _xxsubinterpreters _xxtestfuzz _zoneinfo audioop nis ossaudiodev spwd
    xxlimited xxlimited_35
""")
ENCODINGS = _words("""
    __init__ aliases ascii base64_codec charmap cp437 gb18030 gb2312 gbk hex_codec idna latin_1 punycode
    raw_unicode_escape undefined unicode_escape utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le utf_8
    utf_8_sig zlib_codec
""")

# Of the book: its scripts, the rooms of iolab that need no other library, its traces
ROOMS = ("launch", "procfs", "model", "watch", "wire", "explore", "arena", "grade")
HOME = "book"  # the folder in the machine that looks like the book's own
