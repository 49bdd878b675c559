#!/bin/sh
# Draws icons/*.png from icon.svg. Needs rsvg-convert (Debian: librsvg2-bin). The results are committed.
set -e
cd "$(dirname "$0")"
for size in 16 24 32 48 64 128 256 512; do
  rsvg-convert -w "$size" -h "$size" icon.svg -o "icons/${size}x${size}.png"
done
# electron-builder makes the Windows and macOS icons from this one.
rsvg-convert -w 1024 -h 1024 icon.svg -o icon.png
