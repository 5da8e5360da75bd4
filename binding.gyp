# For tools that expect an addon to have one. CMake builds the addon (CMakeLists.txt); no sources
# are listed here. `"gypfile": false` in package.json keeps npm from running node-gyp by itself.
{
  'targets': [
    {
      'target_name': 'sampan',
      'type': 'none',
      'actions': [
        {
          'action_name': 'cmake',
          'inputs': ['CMakeLists.txt'],
          'outputs': ['build/sampan.node'],
          'action': ['node', 'scripts/bun.mjs', 'scripts/build.ts', 'native'],
        },
      ],
    },
  ],
}
