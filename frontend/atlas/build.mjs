// Projects the shapes of states and territories once, from world-atlas 2.0.2 (Natural Earth 1:50m): make atlas.
// Writes world.json: for each shape its code, the path in the units of the picture, its middle and its size.
import { readFileSync, writeFileSync } from 'node:fs'
import { geoEqualEarth, geoPath } from 'd3-geo'
import { feature } from 'topojson-client'
import { presimplify, simplify } from 'topojson-simplify'

const [, , atlas, codes, out] = process.argv
const full = JSON.parse(readFileSync(atlas))
// Details of less than half a unit of the picture are left out; a state that is too small for a shape keeps its place.
const plain = simplify(presimplify(full), 0.03)
const alpha2 = JSON.parse(readFileSync(codes)) // ISO 3166-1: numeric to alpha-2
const width = 960, height = 468
const projection = geoEqualEarth().fitExtent([[4, 4], [width - 4, height - 4]], { type: 'Sphere' }).rotate([-11, 0])
const path = geoPath(projection).digits(1)
const shapes = []
const drawn = feature(plain, plain.objects.countries).features
feature(full, full.objects.countries).features.forEach((f, i) => {
  const code = alpha2[f.id] ?? { Kosovo: 'XK' }[f.properties.name] ?? ''
  const d = (path(drawn[i]) ?? '').replace(/M([-\d.,]+)(?:L[-\d.,]+)?L\1Z/g, '')
  const [x, y] = path.centroid(f)
  shapes.push({ code, name: f.properties.name, d, x: +x.toFixed(1), y: +y.toFixed(1), area: +path.area(f).toFixed(1) })
})
shapes.sort((a, b) => a.code.localeCompare(b.code) || a.name.localeCompare(b.name))
const lines = shapes.map((s) => '  ' + JSON.stringify(s))
writeFileSync(out, `{"source": "Natural Earth 1:50m, public domain, by way of world-atlas 2.0.2 (ISC licence)", "date": "2018-05 (Natural Earth 4.1)", "projection": "Equal Earth", "width": ${width}, "height": ${height}, "shapes": [\n${lines.join(',\n')}\n]}\n`)
